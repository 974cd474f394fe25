interface Node {
  id: string;
  dueAt: number;
}

/** A binary min-heap of due times that can move and drop entries by id. */
export class DueHeap {
  private readonly nodes: Node[] = [];
  private readonly positions = new Map<string, number>();

  get size(): number {
    return this.nodes.length;
  }

  /** Due time of the earliest entry; undefined when empty. */
  get earliest(): number | undefined {
    return this.nodes[0]?.dueAt;
  }

  peek(): string | undefined {
    return this.nodes[0]?.id;
  }

  set(id: string, dueAt: number): void {
    const position = this.positions.get(id);
    if (position === undefined) {
      this.nodes.push({ id, dueAt });
      this.rise(this.nodes.length - 1);
      return;
    }
    this.nodes[position]!.dueAt = dueAt;
    this.sink(this.rise(position));
  }

  delete(id: string): void {
    const position = this.positions.get(id);
    if (position === undefined) return;
    this.positions.delete(id);
    const last = this.nodes.pop()!;
    if (position === this.nodes.length) return;
    this.nodes[position] = last;
    this.sink(this.rise(position));
  }

  /** @returns the position it came to. */
  private rise(position: number): number {
    const node = this.nodes[position]!;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (this.nodes[parent]!.dueAt <= node.dueAt) break;
      this.place(this.nodes[parent]!, position);
      position = parent;
    }
    this.place(node, position);
    return position;
  }

  private sink(position: number): void {
    const node = this.nodes[position]!;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= this.nodes.length) break;
      if (child + 1 < this.nodes.length && this.nodes[child + 1]!.dueAt < this.nodes[child]!.dueAt) child++;
      if (this.nodes[child]!.dueAt >= node.dueAt) break;
      this.place(this.nodes[child]!, position);
      position = child;
    }
    this.place(node, position);
  }

  private place(node: Node, position: number): void {
    this.nodes[position] = node;
    this.positions.set(node.id, position);
  }
}
