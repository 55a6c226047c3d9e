/** GLSL of the materials. Colours are mixed as displayed: nothing is linear, nothing tone-mapped. */

/** `life`: colour of the world beyond the spread and within it; `spread`: its middle (x, z) and radius. */
export const AIR = /* glsl */ `
uniform vec3 eye;
uniform vec3 skyTop;
uniform vec3 horizon;
uniform vec3 keyColor;
uniform float sun;
uniform float stars;
uniform float fog;
uniform float time;
uniform float sunHeight;
uniform vec2 life;
uniform vec3 spread;
#define SUN normalize(vec3(-0.233, sunHeight, 0.970))

float hash(vec2 p) { return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453); }

float noise(vec2 p) {
  vec2 cell = floor(p);
  vec2 t = smoothstep(0.0, 1.0, p - cell);
  vec2 low = vec2(hash(cell), hash(cell + vec2(1.0, 0.0)));
  vec2 high = vec2(hash(cell + vec2(0.0, 1.0)), hash(cell + vec2(1.0, 1.0)));
  vec2 both = mix(low, high, t.y);
  return mix(both.x, both.y, t.x);
}

vec3 air(vec3 dir) {
  float up = clamp(dir.y * 2.3, 0.0, 1.0);
  /* Level where it begins, so that no line shows at the horizon. */
  vec3 c = mix(horizon, skyTop, up * up / (up * up + 0.16) * 1.16);
  float near = max(dot(dir, SUN), 0.0);
  return c + keyColor * sun * (0.16 * pow(near, 6.0) + 0.28 * pow(near, 60.0));
}

/* Distance takes colour away; low ground a little more, so that mist lies in hollows. */
vec3 throughAir(vec3 colour, vec3 at) {
  vec3 way = at - eye;
  float far = length(way);
  float lost = 1.0 - exp(-pow(far * fog, 1.7));
  lost = max(lost, 0.5 * exp(-max(at.y + 0.3, 0.0) * 0.7) * smoothstep(10.0, 34.0, far));
  vec3 dir = way / far;
  return mix(colour, air(vec3(dir.x, max(dir.y, 0.0), dir.z)), lost);
}

/* Colour sleeps where no lantern shines: what is left is cold and a little darker. */
vec3 awake(vec3 c, float l) {
  vec3 asleep = dot(c, vec3(0.32, 0.52, 0.16)) * vec3(0.74, 0.82, 1.02) * 0.82;
  return mix(asleep, c, l);
}

/* The ring in which colour comes back is lit itself. */
vec3 awakeAt(vec3 c, vec3 at) {
  float d = length(at.xz - spread.xy);
  float inside = smoothstep(spread.z, spread.z - 5.0, d);
  float ring = inside * smoothstep(spread.z - 9.0, spread.z - 3.0, d);
  return awake(c, mix(life.x, life.y, inside)) * (1.0 + 0.45 * ring) + keyColor * 0.06 * ring;
}
`;

export const INK_VERTEX = /* glsl */ `
precision highp float;
attribute vec3 position;
attribute vec3 normal;
attribute vec4 color;
attribute vec2 uv;
#include<instancesDeclaration>
uniform mat4 viewProjection;
uniform vec3 walker;
uniform float time;
uniform float wind;
uniform float barPhase;
varying vec3 vAt;
varying vec3 vNormal;
varying vec4 vColor;
varying float vGround;

void main() {
#include<instancesVertex>
  vec4 at = finalWorld * vec4(position, 1.0);
  float gust = sin(time * 0.9 + at.x * 0.22 + at.z * 0.15);
  float sway = gust * (0.6 + 0.4 * sin(time * 2.3 + at.x * 1.7)) + 0.25 * sin(time * 4.1 + at.z * 2.1);
  at.x += uv.x * wind * sway * 0.16;
  /* On each bar a wave runs through the grass. */
  float front = at.x - walker.x + 26.0 - barPhase * 52.0;
  at.x += uv.x * min(wind, 1.0) * 0.34 * exp(-front * front * 0.06);
  vec2 off = at.xz - walker.xz;
  float reach = length(off) + 0.001;
  at.xz += uv.x * off / reach * smoothstep(1.3, 0.2, reach) * 0.55;
  vAt = at.xyz;
  vNormal = mat3(finalWorld) * normal;
  float tint = fract(sin(dot(finalWorld[3].xz, vec2(12.9898, 78.233))) * 43758.5453);
  vColor = vec4(color.rgb * (0.86 + 0.28 * tint), color.a);
  vGround = uv.y;
  gl_Position = viewProjection * at;
}
`;

/** `color.a` is how much of the colour shines by itself; it breathes with `pulse`. */
export const INK_FRAGMENT = /* glsl */ `
precision highp float;
${AIR}
uniform vec3 groundColor;
uniform vec3 walker;
uniform vec3 lamp;
uniform float lampLight;
uniform float keyLight;
uniform vec4 hush;
uniform float pulse;
varying vec3 vAt;
varying vec3 vNormal;
varying vec4 vColor;
varying float vGround;

void main() {
  vec3 n = normalize(vNormal);
  vec3 soil = vColor.rgb;
  float dapple = 0.0;
  if (vGround > 0.5) {
    vec2 p = vAt.xz;
    float broad = noise(p * 0.9 + 3.0);
    /* From afar a fine grain would glitter. */
    float fine = mix(0.5, noise(p * vec2(5.5, 8.0) + broad * 3.0), exp(-length(eye - vAt) * 0.06));
    soil *= 0.76 + 0.3 * broad + 0.2 * fine;
    n = normalize(n + 0.35 * vec3(broad - 0.5, 0.0, fine - 0.5));
    /* Low light falls in streaks between what stands farther off. */
    vec2 way = vec2(p.x * 0.97 + p.y * 0.233, p.y * 0.97 - p.x * 0.233);
    dapple = smoothstep(0.52, 0.85, noise(way * vec2(0.42, 0.13))) * (0.7 + 0.6 * fine);
  }
  vec3 look = normalize(eye - vAt);
  // Leaves and blades have two sides.
  if (dot(n, look) < -0.2) n = -n;
  vec3 light = mix(groundColor, mix(skyTop, horizon, 0.55), n.y * 0.5 + 0.5) * 0.85;
  float key = dot(n, normalize(SUN + vec3(0.0, 0.55, -0.35))) * 0.5 + 0.5;
  light += keyColor * keyLight * (key * key + 0.55 * dapple * (0.3 + 0.7 * min(sun, 1.0)));
  vec3 toLamp = lamp - vAt;
  float reach = length(toLamp);
  float warm = (dot(n, toLamp / reach) * 0.55 + 0.45) / (1.0 + reach * reach * 0.13);
  light += vec3(1.0, 0.62, 0.28) * lampLight * warm * (1.0 - smoothstep(6.0, 12.0, reach));
  float rim = pow(1.0 - max(dot(n, look), 0.0), 3.0);
  vec3 c = soil * light + horizon * rim * 0.10 * keyLight;
  float shade = smoothstep(0.75, 0.1, length(vAt.xz - walker.xz)) * smoothstep(0.5, 0.1, abs(vAt.y - walker.y));
  c *= 1.0 - 0.5 * shade * step(0.7, n.y);
  c *= 1.0 - 0.75 * hush.w * smoothstep(6.5, 0.8, length(vAt - hush.xyz));
  c = mix(c, soil, vColor.a * (0.91 + 0.09 * pulse));
  gl_FragColor = vec4(awakeAt(throughAir(c, vAt), vAt), 1.0);
}
`;

export const SKY_VERTEX = /* glsl */ `
precision highp float;
attribute vec3 position;
uniform mat4 world;
uniform mat4 viewProjection;
varying vec3 vDirection;

void main() {
  vDirection = position;
  gl_Position = (viewProjection * world * vec4(position, 1.0)).xyww;
}
`;

export const SKY_FRAGMENT = /* glsl */ `
precision highp float;
${AIR}
varying vec3 vDirection;

void main() {
  vec3 dir = normalize(vDirection);
  vec3 c = air(vec3(dir.x, max(dir.y, 0.0), dir.z));
  float disc = smoothstep(0.9976, 0.9981, dot(dir, SUN)) * smoothstep(-0.002, 0.004, dir.y);
  c = mix(c, mix(keyColor, vec3(1.0, 0.97, 0.9), 0.55), disc * min(1.0, sun * 1.4));
  vec2 band = vec2(dir.x / dir.z, dir.y * 9.0);
  float cloud = sin(band.x * 3.1 + band.y * 1.3 + time * 0.012) + sin(band.x * 5.3 - band.y * 2.9 + 1.7);
  float streak = smoothstep(0.5, 1.9, cloud + sin(band.y * 3.7)) * smoothstep(0.02, 0.10, dir.y);
  c = mix(c, mix(horizon, keyColor, 0.35), streak * 0.22 * (0.25 + sun));
  vec2 cell = floor(dir.xy / dir.z * 90.0);
  vec2 spot = fract(dir.xy / dir.z * 90.0) - 0.5;
  float star = step(0.986, hash(cell)) * smoothstep(0.22, 0.0, length(spot));
  c += star * stars * smoothstep(0.04, 0.25, dir.y) * (0.65 + 0.35 * sin(time * 2.0 + cell.x));
  gl_FragColor = vec4(awake(c, mix(life.x, life.y, smoothstep(6.0, 60.0, spread.z))), 1.0);
}
`;

/**
 * A soft round spot that faces the eye. Its instance matrix is not a matrix: the columns hold
 * (size, alpha, stretch, hardness), the colour, how far it comes forward, and the place. Coming forward
 * changes its depth alone: a halo then covers what it would cut into.
 */
export const PUFF_VERTEX = /* glsl */ `
precision highp float;
attribute vec3 position;
#include<instancesDeclaration>
uniform vec3 eye;
uniform mat4 view;
uniform mat4 viewProjection;
varying vec2 vSpot;
varying vec4 vTint;
varying float vHard;
varying vec3 vAt;

void main() {
  vec3 right = vec3(view[0][0], view[1][0], view[2][0]);
  vec3 up = vec3(view[0][1], view[1][1], view[2][1]);
  vec3 at = world3.xyz + (right * position.x + up * position.y * world0.z) * world0.x;
  vSpot = position.xy * 2.0;
  vTint = vec4(world1.rgb, world0.y);
  vHard = world0.w;
  vAt = at;
  gl_Position = viewProjection * vec4(at, 1.0);
  vec4 front = viewProjection * vec4(at + normalize(eye - at) * world2.x, 1.0);
  gl_Position.z = front.z / front.w * gl_Position.w;
}
`;

export const PUFF_FRAGMENT = /* glsl */ `
precision highp float;
uniform vec3 eye;
uniform float fog;
varying vec2 vSpot;
varying vec4 vTint;
varying float vHard;
varying vec3 vAt;

void main() {
  float r = length(vSpot);
  float soft = max(1.0 - r, 0.0);
  float a = mix(soft * soft, smoothstep(0.0, 0.25, soft), vHard) * vTint.a;
  a *= exp(-pow(length(vAt - eye) * fog, 1.7));
  gl_FragColor = vec4(vTint.rgb, a);
}
`;

/** `color.a` is how dark it is: shadows have the ground's own colour, and air lies over them. */
export const SHADOW_VERTEX = /* glsl */ `
precision highp float;
attribute vec3 position;
attribute vec4 color;
uniform mat4 world;
uniform mat4 viewProjection;
varying vec3 vAt;
varying float vDark;

void main() {
  vec4 at = world * vec4(position, 1.0);
  vAt = at.xyz;
  vDark = color.a;
  gl_Position = viewProjection * at;
}
`;

export const SHADOW_FRAGMENT = /* glsl */ `
precision highp float;
uniform vec3 eye;
uniform float fog;
uniform vec3 groundColor;
uniform float depth;
varying vec3 vAt;
varying float vDark;

void main() {
  float a = smoothstep(0.0, 1.0, vDark) * depth * exp(-pow(length(vAt - eye) * fog, 1.7));
  gl_FragColor = vec4(groundColor * 0.22, a);
}
`;
