import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { refuseRepeatedKeys } from '../src/index.ts';

test('a body with a key twice is refused, and any other is taken as ever', async () => {
  const app = Fastify();
  refuseRepeatedKeys(app);
  app.post('/', async (request) => ({ got: request.body }));
  const post = async (payload: string) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    return [answer.statusCode, answer.json()] as const;
  };
  expect(await post('{"a": [{"b": 1}, {"b": 2}]}')).toEqual([200, { got: { a: [{ b: 1 }, { b: 2 }] } }]);
  expect(await post('{"quantity": 1, "quantity": 9}')).toMatchObject([
    400,
    { message: 'The body is not usable: an object in it has a key twice' },
  ]);
  expect(await post('{"a": {"b": 1, "b": 2}}')).toMatchObject([400, {}]);
  expect(await post('{"__proto__": 1}')).toMatchObject([400, {}]);
  expect(await post('{')).toMatchObject([400, {}]);
  await app.close();
});
