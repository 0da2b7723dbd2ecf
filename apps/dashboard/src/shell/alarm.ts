/** Whether this page may show notifications of the system; over http from another machine no browser has them. */
const canNotify = (): boolean => 'Notification' in globalThis && Notification.permission === 'granted';

let audio: AudioContext | null = null;

/** To be called by a press: a browser lets no page make a sound, or ask for notifications, before one. */
export const arm = async (): Promise<void> => {
  audio ??= new AudioContext();
  await audio.resume();
  if ('Notification' in globalThis) await Notification.requestPermission();
};

const show = (text: string): void => {
  try {
    new Notification('Sentinel', { body: text, tag: 'sentinel' });
  } catch (error) {
    // Android has notifications, and lets no page make one without a service worker.
    if (!(error instanceof TypeError)) throw error;
  }
};

/** Two short tones, and a notification where the browser lets the page show one. */
export const sound = (text: string): void => {
  if (canNotify()) show(text);
  if (audio === null) return;
  for (const [from, pitch] of [
    [0, 880],
    [0.25, 660],
  ] as const) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const loudness = new GainNode(audio, { gain: 0.2 });
    tone.connect(loudness).connect(audio.destination);
    tone.start(audio.currentTime + from);
    tone.stop(audio.currentTime + from + 0.2);
  }
};
