// The three implementations, each a process that is told worlds and asked about objects.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { toBase64 } from '../lib/bytes.mjs';

// What each judge has to judge. It says skip to any other kind, and to none of these.
const kNotes = ['card', 'schedule', 'revocation', 'directory', 'certificate', 'checkpoint'];
export const kJudged = { go: kNotes };
export const mustJudge = (who, kind) => kJudged[who]?.includes(kind) ?? true;

const kPeer = fileURLToPath(new URL('../peer.mjs', import.meta.url));

export class Judges {
  constructor(folder, { cpp, go }) {
    this.folder = folder;
    this.commands = { cpp: [cpp], js: [process.execPath, kPeer], go: [go] };
  }

  // What a program writes, with this file as its input; it has to end well.
  async run(command, args, input, output) {
    const [program, ...before] = command;
    const child = spawn(program, [...before, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    const parts = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.stdin.on('error', () => {}); // it ended early; its exit code says so
    child.stdin.end(input);
    const [code, signal] = await once(child, 'close');
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}`);
    const said = Buffer.concat(parts);
    writeFileSync(output, said); // for whoever looks into a failure
    return said.toString('utf8');
  }

  make(who, seed, count) {
    return this.run(this.commands[who], ['make', String(seed), String(count)], '', `${this.folder}/${who}.worlds`);
  }

  // For each judge the answers to all originals of all worlds and to all mutants.
  async ask(worlds, mutants) {
    const lines = [];
    const asked = [];
    for (const world of worlds) {
      lines.push(...world.lines);
      const objects = [...world.originals.map((original) => ({ original, bytes: original.bytes })),
        ...mutants.filter((m) => m.original.world === world)];
      for (const object of objects) {
        const judge = `judge ${object.original.kind} ${toBase64(object.bytes)}`;
        lines.push(...(object.told ? ['mark', ...object.told, judge, 'back'] : [judge]));
        asked.push(object);
      }
    }
    const input = lines.join('\n') + '\n';
    writeFileSync(`${this.folder}/asked.lines`, input);
    const answers = {};
    for (const [who, command] of Object.entries(this.commands)) {
      const said = (await this.run(command, ['judge'], input, `${this.folder}/${who}.answers`)).split('\n').slice(0, -1);
      if (said.length !== asked.length) throw new Error(`${who} gave ${said.length} answers to ${asked.length}`);
      answers[who] = said;
    }
    return asked.map((object, i) => ({
      object, said: Object.fromEntries(Object.entries(answers).map(([who, list]) => [who, list[i]])),
    }));
  }
}
