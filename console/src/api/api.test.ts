// Goal: addresses and the event stream. Method: pure parts alone.
import { describe, expect, it } from 'vitest';
import { address } from './call';
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
