// An engine with its simulator, on a configuration of a test's own.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// It takes two ports in a row, from below the range that the kernel gives to outgoing connections.
const somePort = () => 10_000 + 2 * Math.floor(Math.random() * 5_000);

async function answers(url, program) {
  while (program.exitCode === null) {
    if (await fetch(url).then((answer) => answer.ok, () => false)) return true;
    await new Promise((again) => { setTimeout(again, 20); });
  }
  return false;
}

// {engine, simulator, stop()}. Throws with the engine's log when it does not start, also on a second port.
export async function startDemo(build, config) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-demo-'));
  const log = join(folder, 'log');
  await writeFile(join(folder, 'parley.yaml'), config);
  for (let tries = 0; tries < 2; ++tries) {
    const port = somePort();
    const out = openSync(log, 'a');
    const program = spawn(join(build, 'bin/parley'), ['demo', '--config', join(folder, 'parley.yaml'), '--port', String(port)], { stdio: ['ignore', out, out] });
    const ended = new Promise((end) => { program.once('exit', end); });
    const engine = `http://127.0.0.1:${port}`;
    if (await answers(`${engine}/ready`, program)) {
      const stop = async () => {
        program.kill('SIGTERM');
        await ended;
        await rm(folder, { recursive: true });
      };
      return { engine, simulator: `http://127.0.0.1:${port + 1}`, stop };
    }
  }
  throw new Error(await readFile(log, 'utf8'));
}
