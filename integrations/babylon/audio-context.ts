import type { IAudioEngine } from "@babylonjs/core/Audio/Interfaces/IAudioEngine";
import type { AudioEngineV2 } from "@babylonjs/core/AudioV2/abstractAudio/audioEngineV2";

/**
 * The audio context of a Babylon audio engine, of either kind, so that the soundtrack plays on it too and the
 * page has one. Throws `TypeError` where the engine has none, or hides it: then make the context first and
 * give it to both. Babylon closes it when its engine is disposed of: dispose of the soundtrack before that.
 *
 * @example
 * const audio = await CreateAudioEngineAsync();
 * const music = await createSoundtrack({ score, audioContext: audioContextOf(audio) });
 */
export function audioContextOf(audio: AudioEngineV2 | IAudioEngine): AudioContext {
  // Babylon's second engine has no public name for it.
  for (const name of ["audioContext", "_audioContext"]) {
    const context: unknown = Reflect.get(audio, name);
    if (context instanceof AudioContext) return context;
  }
  throw new TypeError("this Babylon audio engine shows no audio context");
}
