import { AIR } from "./shaders.ts";

/** Rings that are on the water at once. */
export const RINGS = 10;

export const WATER_VERTEX = /* glsl */ `
precision highp float;
attribute vec3 position;
uniform mat4 world;
uniform mat4 viewProjection;
varying vec3 vAt;

void main() {
  vec4 at = world * vec4(position, 1.0);
  vAt = at.xyz;
  gl_Position = viewProjection * at;
}
`;

/** A mirror of the sky with small waves, the far shore in it, a streak of the lamp, and rings. */
export const WATER_FRAGMENT = /* glsl */ `
precision highp float;
${AIR}
uniform vec3 groundColor;
uniform vec3 lamp;
uniform float lampLight;
uniform vec4 rings[${RINGS}];
varying vec3 vAt;

void main() {
  vec3 way = vAt - eye;
  float far = length(way);
  vec3 dir = way / far;
  float calm = 1.0 / (1.0 + far * 0.05);
  vec2 p = vAt.xz;
  vec2 slope = 0.02 * calm * vec2(
    cos(p.x * 2.1 + p.y * 0.8 + time * 0.9) + 0.6 * cos(p.x * 4.7 - p.y * 2.9 - time * 1.4),
    cos(p.y * 2.6 - p.x * 0.6 + time * 0.7) + 0.6 * cos(p.y * 5.3 + p.x * 1.9 + time * 1.2));
  float crest = 0.0;
  for (int i = 0; i < ${RINGS}; i++) {
    vec4 ring = rings[i];
    vec2 off = p - ring.xy;
    float d = length(off) + 0.001;
    float front = d - ring.z * 1.5;
    float wave = ring.w * exp(-ring.z * 0.9) * exp(-front * front * 7.0);
    slope += off / d * wave * cos(front * 12.0) * 0.20;
    crest += wave;
  }
  vec3 n = normalize(vec3(-slope.x, 1.0, -slope.y));
  vec3 back = reflect(dir, n);
  back.y = abs(back.y);
  vec3 sky = air(normalize(back));
  /* Moon or sun lies on the water as a broken streak. */
  float shine = max(dot(normalize(back), SUN), 0.0);
  sky += keyColor * sun * (0.95 * smoothstep(0.994, 0.9985, shine) + 0.34 * pow(shine, 26.0));
  vec2 cell = floor(back.xy / back.z * 46.0);
  vec2 spot = fract(back.xy / back.z * 46.0) - 0.5;
  float star = step(0.972, hash(cell)) * smoothstep(0.2, 0.0, length(spot));
  sky += 0.8 * stars * star * smoothstep(0.1, 0.3, back.y);
  /* A pale band of stars too small to see. */
  float band = back.x * 0.8 + back.y * 0.55 - 0.42;
  sky += horizon * stars * 0.55 * exp(-band * band * 26.0) * (0.5 + 0.8 * noise(back.xy / back.z * 6.0));
  float shore = 0.055 + 0.022 * sin(back.x * 31.0) + 0.012 * sin(back.x * 83.0 + 1.0);
  sky = mix(sky, mix(groundColor, horizon, 0.35), smoothstep(shore, shore - 0.03, back.y));
  float fresnel = 0.5 + 0.5 * pow(1.0 - max(dot(-dir, n), 0.0), 3.0);
  vec3 c = mix(groundColor * 0.8, sky, fresnel);
  vec3 toLamp = lamp - vAt;
  float reach = length(toLamp);
  float streak = pow(max(dot(normalize(back), toLamp / reach), 0.0), 26.0);
  c += vec3(1.0, 0.62, 0.28) * lampLight * (0.7 * streak / (1.0 + reach * 0.35) + 0.05 / (1.0 + reach * reach));
  c += keyColor * crest * 0.24;
  gl_FragColor = vec4(awakeAt(throughAir(c, vAt), vAt), 1.0);
}
`;
