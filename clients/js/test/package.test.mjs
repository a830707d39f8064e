import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { mergePatch } from '../live.js';
import * as module from '../live.js';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = readFileSync(join(FOLDER, 'live.js'), 'utf8');

test('the module has less than 6 KB, minified', () => {
  const { code } = transformSync(SOURCE, { minify: true, format: 'esm' });
  assert.ok(Buffer.byteLength(code) < 6_000, `${Buffer.byteLength(code)} bytes`);
});

test('the module imports nothing', () => {
  assert.doesNotMatch(SOURCE, /^\s*import\b|\bimport\(|\brequire\(/m);
});

test('npm packs the module, its types, and what tells of them', () => {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: FOLDER, encoding: 'utf8' }));
  assert.equal(packed.name, '@fanfare/live');
  assert.deepEqual(packed.files.map((file) => file.path).sort(), ['LICENSE', 'README.md', 'live.d.ts', 'live.js', 'package.json']);
});

function mistakes(program) {
  return ts.getPreEmitDiagnostics(program).map((each) => ts.flattenDiagnosticMessageText(each.messageText, '\n'));
}

const OPTIONS = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

test('the types fit a program that uses all of it', () => {
  assert.deepEqual(mistakes(ts.createProgram([join(FOLDER, 'test', 'types.ts')], OPTIONS)), []);
});

test('the types declare what the module exports', () => {
  const program = ts.createProgram([join(FOLDER, 'live.d.ts')], OPTIONS);
  const checker = program.getTypeChecker();
  const file = checker.getSymbolAtLocation(program.getSourceFile(join(FOLDER, 'live.d.ts')));
  const functions = checker.getExportsOfModule(file).filter((each) => each.flags & ts.SymbolFlags.Function);
  assert.deepEqual(functions.map((each) => each.name).sort(), Object.keys(module).sort());
});

// RFC 7396, Appendix A
for (const [target, patch, result] of [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [['a', 'b'], ['c', 'd'], ['c', 'd']],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
]) {
  test(`${JSON.stringify(target)} with the patch ${JSON.stringify(patch)} is ${JSON.stringify(result)}`, () => {
    assert.deepEqual(mergePatch(target, patch), result);
  });
}

test('a patch reaches no prototype', () => {
  const patched = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'));
  assert.equal({}.polluted, undefined);
  assert.equal(patched.polluted, undefined);
  assert.equal(JSON.stringify(patched), '{"__proto__":{"polluted":true}}');
});
