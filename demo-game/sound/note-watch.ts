import type { Soundtrack, SoundtrackSnapshot } from "attacca";

const TICKS_PER_BAR = 3840;

/** Pitches of the melody that have begun since it was last asked. */
export function createNoteWatch(music: Pick<Soundtrack, "snapshot">): () => readonly number[] {
  let last = 0;
  return () => {
    const shot = music.snapshot();
    const pitches = begun(shot, last);
    last = shot.time;
    return pitches;
  };
}

function begun({ phrase, time }: SoundtrackSnapshot, since: number): readonly number[] {
  if (phrase === undefined) return [];
  const second = (TICKS_PER_BAR * phrase.bars) / (phrase.endsAt - phrase.startsAt);
  const [from, to] = [since, time].map((at) => (at - phrase.startsAt) * second);
  return (phrase.notes.melody ?? [])
    .filter(({ at }) => at > (from ?? 0) && at <= (to ?? 0))
    .map(({ pitch }) => pitch);
}
