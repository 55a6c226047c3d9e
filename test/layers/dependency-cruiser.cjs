/**
 * Who may know whom. Each rule has a planted fault in `layers.test.ts` that shows that it still fires.
 * @type {import("dependency-cruiser").IConfiguration}
 */
const PURE =
  "^engine/(time|music|signals|score|theme|director|composer|generator|bank|governor|conductor)/";
/** Data about workers that pure code may know: the interface and the palettes. */
const DATA_OF_WORKERS = "^engine/renderer-worker/(service|palettes)[.]ts$";
const modules = (...names) => `(^|node_modules/)(${names.join("|")})(/|$)`;

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "Modules that need each other cannot be understood alone.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "time-knows-nothing",
      severity: "error",
      from: { path: "^engine/time/" },
      to: { pathNot: "^engine/time/" },
    },
    {
      name: "pure-knows-no-edge",
      comment: "Decisions are made without audio, workers, pages or files.",
      severity: "error",
      from: { path: PURE },
      to: {
        path: "^(engine/(audio|generator-worker|loader-worker|renderer-worker|worker-link|[^/]+[.]ts$)|integrations|demo-game)",
        pathNot: DATA_OF_WORKERS,
      },
    },
    {
      name: "pure-knows-no-platform",
      severity: "error",
      from: { path: PURE },
      to: {
        path: modules("tone", "comlink", "onnxruntime-web", "spessasynth_core", "@babylonjs"),
      },
    },
    {
      name: "engine-knows-no-files",
      severity: "error",
      from: { path: "^engine/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "decisions-know-no-conductor",
      comment: "The conductor carries decisions out; nothing that decides may know it.",
      severity: "error",
      from: {
        path: "^engine/(music|signals|score|theme|director|composer|generator|bank|governor)/",
      },
      to: { path: "^engine/conductor/" },
    },
    {
      name: "director-knows-no-notes",
      comment: "The director decides when; the composer and the generator decide what.",
      severity: "error",
      from: { path: "^engine/director/" },
      to: { path: "^engine/(composer|generator|bank)/" },
    },
    {
      name: "audio-knows-no-music",
      comment: "The player knows PCM and context time.",
      severity: "error",
      from: { path: "^engine/audio/" },
      to: { path: "^engine/", pathNot: "^engine/(audio/|time/|music/random[.]ts$)" },
    },
    {
      name: "tone-only-in-audio",
      severity: "error",
      from: { path: "^(engine|demo-game)/", pathNot: "^engine/audio/" },
      to: { path: modules("tone") },
    },
    {
      name: "onnxruntime-only-in-generator-worker",
      severity: "error",
      from: { pathNot: "^engine/generator-worker/" },
      to: { path: modules("onnxruntime-web") },
    },
    {
      name: "synthesiser-only-in-renderer-worker",
      severity: "error",
      from: { pathNot: "^(engine/renderer-worker|integrations/cli)/" },
      to: { path: modules("spessasynth_core") },
    },
    {
      name: "workers-know-no-page",
      severity: "error",
      from: { path: "^engine/(generator|loader|renderer)-worker/" },
      to: { path: "^engine/(audio|conductor|director|composer|score|signals|[^/]+[.]ts$)" },
    },
    {
      name: "engine-knows-no-game-engine",
      severity: "error",
      from: { path: "^engine/" },
      to: { path: modules("@babylonjs") },
    },
    {
      name: "users-come-through-the-front-door",
      comment: "The game and the integrations for game engines use public names only.",
      severity: "error",
      from: { path: "^(demo-game|integrations/babylon)/" },
      to: { path: "^engine/", pathNot: "^engine/index[.]ts$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "test/layers/tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
