// Short words after an act, read out by readers of screens: toast.say(t('…'), 'good').
export interface ToastItem {
  id: number;
  text: string;
  tone: 'neutral' | 'good' | 'bad';
}

const SHOWN_MS = 8000;

class Toasts {
  items = $state<ToastItem[]>([]);
  #next = 1;

  /** Stays for 8 seconds; a bad one until it is closed. */
  say(text: string, tone: ToastItem['tone'] = 'neutral'): void {
    const id = this.#next++;
    this.items = [...this.items.slice(-3), { id, text, tone }];
    if (tone !== 'bad') setTimeout(() => this.close(id), SHOWN_MS);
  }
  close(id: number): void {
    this.items = this.items.filter((one) => one.id !== id);
  }
}
export const toast = new Toasts();
