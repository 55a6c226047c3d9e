import { Lexer, Parser, type CST, type LineCounter } from "yaml";
import type { Problem } from "./issue.ts";

/** Characters in a score's text. */
const MAX_LENGTH = 1_000_000;
/** Maps and lists within each other; a score needs five. */
export const MAX_DEPTH = 16;
const MAX_LEXEMES = 200_000;

type Tokens =
  | { readonly ok: true; readonly tokens: readonly CST.Token[] }
  | { readonly ok: false; readonly offset: number; readonly problem: Problem };

export const tooDeep = {
  found: "a value nested too deeply",
  expected: `at most ${MAX_DEPTH} maps and lists within each other`,
};

/**
 * The text as YAML tokens, or the limit it exceeds. The lexer and parser of `yaml` work in linear
 * time without recursion; its composer recurses, and a stack that overflows there can end the whole
 * process, so depth is checked before.
 */
export function readTokens(text: string, lines: LineCounter): Tokens {
  lines.addNewLine(0);
  if (text.length > MAX_LENGTH) {
    return refuse(0, `${text.length} characters`, `at most ${MAX_LENGTH} characters`);
  }
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    if (lexemes > MAX_LEXEMES) {
      return refuse(parser.offset, "more text", `at most ${MAX_LEXEMES} YAML tokens`);
    }
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  const deep = firstTooDeep(tokens);
  return deep === undefined
    ? { ok: true, tokens }
    : refuse(deep.offset, tooDeep.found, tooDeep.expected);
}

const refuse = (offset: number, found: string, expected: string): Tokens => ({
  ok: false,
  offset,
  problem: { path: [], found, expected },
});

function firstTooDeep(tokens: readonly CST.Token[]): CST.Token | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH + 1) return token;
    if (token.type === "document" && token.value !== undefined) {
      open.push({ token: token.value, depth });
    }
    if (!("items" in token)) continue;
    for (const item of token.items) {
      if ("value" in item && item.value) open.push({ token: item.value, depth: depth + 1 });
      if ("key" in item && item.key) open.push({ token: item.key, depth: depth + 1 });
    }
  }
  return undefined;
}
