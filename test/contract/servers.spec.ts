import { createDatabase } from '../support/databases';
import { onEngines } from '../support/engines';

// The databases of the tests themselves: a suite that shares one with another would pass or fail by chance.
onEngines(['sqlite', 'postgres', 'mysql', 'mongo'], (engine) => {
  it('gives every suite a database of its own, and takes it away again', async () => {
    const [one, other] = await Promise.all([createDatabase(engine), createDatabase(engine)]);

    expect(one.env.DB_NAME).not.toBe(other.env.DB_NAME);
    expect(one.env.DB_TYPE).toBe(engine);
    await one.drop();
    await other.drop();
  });
});
