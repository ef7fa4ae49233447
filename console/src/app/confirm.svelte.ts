// Acts on keys and releases ask again who one is: the call waits until the person has said so.
import { hooks } from '../api/call';

class Confirm {
  open = $state(false);
  #settle: ((ok: boolean) => void) | undefined;

  ask(): Promise<boolean> {
    this.open = true;
    return new Promise((resolve) => (this.#settle = resolve));
  }
  done(ok: boolean): void {
    this.open = false;
    this.#settle?.(ok);
    this.#settle = undefined;
  }
}
export const confirm = new Confirm();
hooks.confirm = () => confirm.ask();
