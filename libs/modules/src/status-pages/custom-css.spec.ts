import { cssProblem } from './custom-css';

describe('cssProblem', () => {
  it.each([
    '',
    'b{}',
    'x',
    ':root { --accent: #0a0; } h1 { color: var(--accent); }',
    '@media (400px <= width <= 700px) { body { font: 1rem/1.5 "Inter", sans-serif } }',
    'a::after { content: "\\201C"; }',
    '.source(x), .data, .url { color: red }',
    'div > p { background: linear-gradient(#fff, #eee); } /* image of a page */',
    'p { scroll-behavior: smooth; background-image: none; }',
  ])('lets %j through', (css) => {
    expect(cssProblem(css)).toBeNull();
  });

  it.each([
    ['b{}</style><script>alert(1)</script>', 'tags'],
    ['b{}<!-- ', 'tags'],
    ['b{}\\3c /style>', 'tags'],
    ['@import "//evil.test/a.css";', '@import'],
    ['@IMPORT url(x)', '@import'],
    ['@\\69mport "x"', '@import'],
    ['@im/**/port "x"', '@import'],
    ['@font-face{font-family:x}', '@font-face'],
    ['b{background:url(https://evil.test)}', 'url()'],
    ['b{background:URL ("x")}', 'url()'],
    ['b{background:u\\72l(x)}', 'url()'],
    ['b{background:\\000075rl(x)}', 'url()'],
    ['b{background:u/* */rl(x)}', 'url()'],
    ['b{background:ｕｒｌ(x)}', 'url()'],
    ['b{background:u\0rl(x)}', 'url()'],
    ['b{background:image-set("x" 1x)}', 'image functions'],
    ['b{background:-webkit-image-set("x" 1x)}', 'image functions'],
    ['b{background:image("x")}', 'image functions'],
    ['b{background:src("x")}', 'image functions'],
    ['b{width:expression(alert(1))}', 'expression()'],
    ['b{width:exp/**/ression(alert(1))}', 'expression()'],
    ['b{behavior:x}', 'behavior'],
    ['b{-moz-binding:x}', '-moz-binding'],
    ['b{x:javascript:alert(1)}', 'script addresses'],
    ['b{x:"data:image/svg+xml,x"}', 'data addresses'],
  ])('finds what must not be in %j', (css, problem) => {
    expect(cssProblem(css)).toBe(problem);
  });
});
