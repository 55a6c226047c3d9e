import { STEMS } from "../music/stem.ts";
import { describe, type Path } from "./issue.ts";
import { asMap, firstOf, type Fields, type Note } from "./raw.ts";

/** Checks what palettes of a score's own say of instruments; `builtIn` are the names that are taken. */
export function checkPalettes(score: Fields, builtIn: readonly string[], note: Note): void {
  for (const [name, value] of firstOf(score, "palettes")) {
    const path = ["palettes", name];
    if (builtIn.includes(name)) {
      const expected = "another name, for the engine has a palette of this one";
      note({ path, at: "key", found: `the name ${describe(name)}`, expected });
    }
    const palette = asMap(value);
    const voices = asMap(palette["voices"]);
    for (const stem of STEMS) {
      checkVoice([...path, "voices", stem], asMap(voices[stem]), palette, note);
    }
  }
}

function checkVoice(path: Path, voice: Fields, palette: Fields, note: Note): void {
  const { program, bank, like, pizzicato } = voice;
  const wrong = (key: string, found: string, expected: string): void =>
    note({ path: [...path, key], at: "key", found, expected });
  if (program !== undefined && palette["font"] === undefined) {
    wrong("program", 'a program without a "font"', "a font of the palette that has it");
  }
  if (program !== undefined && like !== undefined) {
    wrong("like", 'both "program" and "like"', "either: an instrument of the font or of a palette");
  }
  if (bank !== undefined && program === undefined) {
    wrong("bank", 'a bank without a "program"', "the program that is meant in it");
  }
  if (pizzicato !== undefined && program === undefined) {
    wrong(
      "pizzicato",
      'a pizzicato without a "program"',
      "the program that bows what is not plucked",
    );
  }
}
