// Goal: addresses and the event stream. Method: pure parts alone.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { address, by_itself, call } from './call';
import { on_topics, publish } from './events.svelte';
import { take_events } from './stream.svelte';

describe('address', () => {
  it('puts the fields of the path into it, and gives back the rest', () => {
    expect(address('/v1/traces/{case_number}/ack', { case_number: 'T-3', ref: 'x', note: undefined })).toEqual(['/v1/traces/T-3/ack', [['ref', 'x']]]);
  });
  it('lets no value leave its place', () => {
    expect(address('/v1/peers/{party}', { party: '../status?x=1#y' })[0]).toBe('/v1/peers/..%2Fstatus%3Fx%3D1%23y');
  });
  it('refuses a path without its field', () => expect(() => address('/v1/peers/{party}', {})).toThrow('no party'));
});

describe('who asks', () => {
  const marks: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, init: { headers: Record<string, string> }) => {
    marks.push(init.headers['X-Focal']);
    return Promise.resolve(new Response('{}'));
  });
  afterEach(() => marks.splice(0));

  it('is a person, or the page itself when something changed', async () => {
    await call('status');
    await by_itself(() => call('status'));
    await call('status');
    await call('preferences_set', {}, { by_itself: true });
    expect(marks).toEqual(['1', 'by-itself', '1', 'by-itself']);
  });
  it('is the page for what the event stream tells', async () => {
    vi.useFakeTimers();
    const stop = on_topics(['cases'], () => void call('inbox'));
    publish('cases');
    await vi.advanceTimersByTimeAsync(300);
    vi.useRealTimers();
    stop();
    expect(marks).toEqual(['by-itself']);
  });
});

describe('events', () => {
  it('takes whole events and keeps the rest', () => {
    const first = take_events(': here\n\nid: 1\ndata: {"topic":"cases","seq":"1"}\n\ndata: {"top');
    expect(first.events.map((one) => one.topic)).toEqual(['cases']);
    expect(take_events(first.rest + 'ic":"peers"}\r\n\r\n').events.map((one) => one.topic)).toEqual(['peers']);
  });
  it('passes over what is none', () => {
    expect(take_events('data: nothing\n\ndata: 3\n\ndata: {"x":1}\n\nretry: 5\n\n').events).toEqual([]);
  });
});
