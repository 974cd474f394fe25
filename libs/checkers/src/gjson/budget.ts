/** A query that would look at a document over and over again. */
export class QueryTooExpensive extends Error {
  constructor() {
    super('the query is too expensive for a body of this size');
    this.name = 'QueryTooExpensive';
  }
}

/** Characters that one query may look at or produce: keeps every query linear in the size of the document. */
export class Budget {
  private left: number;

  constructor(documentLength: number) {
    this.left = 64 * documentLength + 1_000_000;
  }

  /** @throws QueryTooExpensive */
  spend(characters: number): void {
    this.left -= characters;
    if (this.left < 0) throw new QueryTooExpensive();
  }
}
