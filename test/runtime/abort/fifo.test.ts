import { expect, test } from 'vitest';
import { Fifo } from '../../../runtime/abort/fifo.js';
import { seeded } from './support.js';
import type { Place } from '../../../runtime/abort/fifo.js';

test('agrees with an array on 20,000 random steps', () => {
  const random = seeded(1);
  const fifo = new Fifo<number>();
  const model: number[] = [];
  const places: Place<number>[] = [];
  for (let step = 0; step < 20_000; step++) {
    const dice = random();
    if (dice < 0.45) {
      places.push(fifo.push(step));
      model.push(step);
    } else if (dice < 0.7) {
      expect(fifo.shift()).toBe(model.shift());
    } else if (places.length > 0) {
      // Also places that have left the queue already.
      const place = places[Math.floor(random() * places.length)] as Place<number>;
      const index = model.indexOf(place.value);
      if (index >= 0) model.splice(index, 1);
      expect(fifo.remove(place)).toBe(index >= 0);
    }
    expect(fifo.size).toBe(model.length);
  }
  while (model.length > 0) expect(fifo.shift()).toBe(model.shift());
  expect(fifo.shift()).toBeUndefined();
});

test('hands out 200,000 entries in a second of processor time, where a Set takes several', () => {
  const fifo = new Fifo<number>();
  for (let value = 0; value < 200_000; value++) fifo.push(value);
  const start = process.cpuUsage();
  let sum = 0;
  while (fifo.size > 0) sum += fifo.shift() ?? 0;
  expect(sum).toBe(19_999_900_000);
  expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
});
