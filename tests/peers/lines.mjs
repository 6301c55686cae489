// One JSON object a line, on stdin and stdout: how a test speaks with a peer. A closed stdin ends the process.
import { createInterface } from 'node:readline';

export function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

// Answers each line with what `answer` returns; a failure is an answer too: the peer's own words are what a test reads.
export function serve(answer) {
  const lines = createInterface({ input: process.stdin });
  let turn = Promise.resolve();
  lines.on('line', (line) => {
    turn = turn
      .then(() => answer(JSON.parse(line)))
      .then(say, (error) => say({ error: error.code ?? error.name, message: error.message, cause: reason(error) }));
  });
  lines.on('close', () => process.exit(0));
}

function reason(error) {
  return error.cause === undefined ? undefined : String(error.cause.error ?? error.cause.message ?? error.cause);
}
