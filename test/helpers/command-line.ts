/** What `read` makes of the command line; a line that it refuses is printed, with the usage, and the status set. */
export function readCommandLine<Options>(
  read: (args: readonly string[]) => Options,
  usage: string,
): Options | undefined {
  try {
    return read(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}
