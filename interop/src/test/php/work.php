<?php
// A script as the manual of PHP's Stomp extension has it: says nothing of versions, ids or modes of acknowledgement.
[, $port, $queue] = $argv;
$stomp = new Stomp("tcp://127.0.0.1:$port");
$stomp->send($queue, 'first');
$stomp->send($queue, 'second');
$stomp->subscribe($queue);
$first = $stomp->readFrame();
$stomp->ack($first);
$stomp->begin('t1');
$stomp->send($queue, 'third', ['transaction' => 't1']);
$stomp->commit('t1');
$second = $stomp->readFrame();
$third = $stomp->readFrame();
echo "$first->body $second->body $third->body";
