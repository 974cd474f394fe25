import { QueryTooExpensive } from '../gjson/budget';
import type { HttpResponse } from '@app/outbound';
import type { HttpConfig } from './http.config';
import { JsonQueryError, satisfiesJsonQuery } from './json-query';

/** `2XX` covers 200 to 299. */
export function accepts({ accepted_statuscodes }: HttpConfig, status: number): boolean {
  const family = `${Math.floor(status / 100)}XX`;
  return accepted_statuscodes.some((accepted) => accepted === family);
}

/** What is wrong with a response, in the words of the heartbeat; null when nothing is. */
export type Judge = (response: HttpResponse, config: HttpConfig) => string | null;

export const judgeStatus: Judge = ({ status }, config) =>
  accepts(config, status) ? null : `HTTP request failed with status: ${status}`;

/** Searches the bytes as they are, in that case; an empty keyword asks for nothing. */
export const judgeKeyword: Judge = ({ body }, { keyword, invert_keyword }) => {
  if (keyword === '' || body.includes(keyword) !== invert_keyword) return null;
  return invert_keyword
    ? `Keyword check failed: keyword '${keyword}' found in response (expected absent)`
    : `Keyword check failed: keyword '${keyword}' not found in response`;
};

export const judgeJson: Judge = ({ body }, config) => {
  try {
    if (satisfiesJsonQuery(body.toString('utf8'), config)) return null;
  } catch (error) {
    if (error instanceof JsonQueryError || error instanceof QueryTooExpensive) {
      return `JSON query validation error: ${error.message}`;
    }
    throw error;
  }
  const { json_query, json_condition, expected_value } = config;
  const condition = json_condition || '==';
  return `JSON query validation failed: query '${json_query}' with condition '${condition}' and expected value '${expected_value}'`;
};
