// Stack traces of a bundle with the places in its sources.
const fs = require('node:fs');
const path = require('node:path');

/**
 * @param {string} file the bundle; its map lies beside it
 * @returns {(error: Error, callSites: NodeJS.CallSite[]) => string} for `Error.prepareStackTrace`
 */
exports.formatter = function formatter(file) {
  const known = new Map();
  return (error, callSites) => {
    const places = callSites.map((site) => (site.getFileName() === file ? placeOf(site) : null));
    const unknown = places.filter((place) => place && !known.has(place.text));
    if (unknown.length > 0) look(file, unknown).forEach((text, index) => known.set(unknown[index].text, text));
    const lines = callSites.map((site, index) => {
      const text = places[index]?.text;
      return text ? String(site).replace(`${file}:${text}`, known.get(text)) : String(site);
    });
    return [headOf(error), ...lines].join('\n    at ');
  };
};

/** Whatever is thrown may have a `toString` that throws. */
function headOf(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function placeOf(site) {
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  return { line: line - 1, column: column - 1, text: `${line}:${column}` };
}

/**
 * Reads the map once through for all places and keeps none of it: it would fill more memory than the rest of the server.
 * @returns {string[]} `source:line:column`, or the place in the bundle where there is no map
 */
function look(file, places) {
  const found = places.map(({ text }) => `${file}:${text}`);
  let map;
  try {
    map = JSON.parse(fs.readFileSync(`${file}.map`, 'utf8'));
  } catch {
    return found;
  }
  const folder = path.dirname(file);
  const inOrder = places.map((place, index) => ({ ...place, index })).sort(byPosition);
  follow(map.mappings, inOrder, (index, source, line, column) => {
    if (source >= 0) found[index] = `${path.resolve(folder, map.sources[source])}:${line + 1}:${column + 1}`;
  });
  return found;
}

function byPosition(left, right) {
  return left.line - right.line || left.column - right.column;
}

/**
 * Tells for each place the last mapping that is not behind it. ECMA-426, 9.2: lines end in `;`, segments in `,`; a
 * segment is differences in base 64 VLQ: column, source, line in it, column in it (and a name). All count from 0.
 */
function follow(mappings, places, tell) {
  const fields = new Int32Array(5);
  let [source, sourceLine, sourceColumn] = [-1, 0, 0];
  let [line, field, value, shift, next] = [0, 0, 0, 0, 0];
  for (let at = 0; at <= mappings.length && next < places.length; at++) {
    const code = at < mappings.length ? mappings.charCodeAt(at) : SEMICOLON;
    if (code !== SEMICOLON && code !== COMMA) {
      const digit = DIGITS[code];
      value |= (digit & 31) << shift;
      shift += 5;
      if (digit & 32) continue;
      fields[field++] += value & 1 ? -(value >> 1) : value >> 1;
      value = shift = 0;
      continue;
    }
    if (field >= 4) {
      while (next < places.length && isBefore(places[next], line, fields[0])) {
        tell(places[next++].index, source, sourceLine, sourceColumn);
      }
      source = fields[1];
      sourceLine = fields[2];
      sourceColumn = fields[3];
    }
    field = 0;
    if (code === SEMICOLON) {
      line++;
      fields[0] = 0;
    }
  }
  for (; next < places.length; next++) tell(places[next].index, source, sourceLine, sourceColumn);
}

function isBefore(place, line, column) {
  return place.line < line || (place.line === line && place.column < column);
}

const SEMICOLON = ';'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const DIGITS = new Uint8Array(128);
for (let digit = 0; digit < 64; digit++) {
  DIGITS['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.charCodeAt(digit)] = digit;
}
