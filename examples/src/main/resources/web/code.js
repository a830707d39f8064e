// JavaScript with a little colour: comments, strings, words of the language.
const TOKEN = /(?<comment>\/\/.*|\/\*[\s\S]*?\*\/)|(?<string>'[^'\n]*')|(?<word>\b(?:import|from|export|function|const|new|for|of)\b)/g;

/** Shows the source in the element; all of it as text. */
export function showCode(element, source) {
  const parts = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    parts.push(source.slice(end, match.index));
    const span = document.createElement('span');
    span.className = Object.keys(match.groups).find(kind => match.groups[kind]);
    span.textContent = match[0];
    parts.push(span);
    end = match.index + match[0].length;
  }
  const code = document.createElement('code');
  code.append(...parts, source.slice(end).trimEnd());
  element.replaceChildren(code);
}
