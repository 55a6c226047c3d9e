import { spawnSync } from "node:child_process";

/** What Python's mido reads of a MIDI file; times in ticks from its beginning. */
export interface MidoFile {
  readonly format: number;
  readonly ticksPerQuarter: number;
  readonly tempos: readonly { readonly tick: number; readonly microseconds: number }[];
  /** Such as `4/4`. */
  readonly meters: readonly { readonly tick: number; readonly meter: string }[];
  /** Such as `F` or `Dm`. */
  readonly keys: readonly { readonly tick: number; readonly key: string }[];
  readonly markers: readonly { readonly tick: number; readonly text: string }[];
  readonly tracks: readonly {
    readonly name: string;
    /** In order of their ends. */
    readonly notes: readonly MidoNote[];
  }[];
}

interface MidoNote {
  readonly tick: number;
  readonly ticks: number;
  readonly pitch: number;
  readonly velocity: number;
}

const python = [".venv/bin/python", "python3", "python"].find(
  (command) => spawnSync(command, ["-c", "import mido"]).status === 0,
);

/** Why its tests are left out, or undefined where there is a Python with mido. */
export const WITHOUT_MIDO: string | undefined =
  python === undefined
    ? "no Python with mido here (pip install -r models/requirements.txt)"
    : undefined;

const SCRIPT = `
import json, mido, sys
file = mido.MidiFile(sys.argv[1], charset="utf-8")
tempos, meters, keys, markers, tracks = [], [], [], [], []
for track in file.tracks:
    tick, sounding, notes = 0, {}, []
    for m in track:
        tick += m.time
        if m.type == "set_tempo": tempos.append({"tick": tick, "microseconds": m.tempo})
        elif m.type == "time_signature": meters.append({"tick": tick, "meter": f"{m.numerator}/{m.denominator}"})
        elif m.type == "key_signature": keys.append({"tick": tick, "key": m.key})
        elif m.type == "marker": markers.append({"tick": tick, "text": m.text})
        elif m.type == "note_on" and m.velocity: sounding[m.channel, m.note] = tick, m.velocity
        elif m.type in ("note_on", "note_off"):
            at, velocity = sounding.pop((m.channel, m.note))
            notes.append({"tick": at, "ticks": tick - at, "pitch": m.note, "velocity": velocity})
    if sounding: sys.exit(f"{track.name}: notes without an end")
    tracks.append({"name": track.name, "notes": notes})
print(json.dumps({"format": file.type, "ticksPerQuarter": file.ticks_per_beat, "tempos": tempos,
                  "meters": meters, "keys": keys, "markers": markers, "tracks": tracks}))`;

/** Reads a file with mido. Throws what Python says. */
export function readWithMido(file: string): MidoFile {
  if (python === undefined) throw new Error(WITHOUT_MIDO);
  const { status, stdout, stderr } = spawnSync(python, ["-c", SCRIPT, file], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as MidoFile;
}
