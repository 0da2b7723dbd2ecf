import { z } from 'zod';

/** What is said of a field stands in the description of the API. */
type Meaning = string;

export const instant = z.iso.datetime();

export const textOf = (meaning: Meaning) => z.string().describe(meaning);
export const numberOf = (meaning: Meaning) => z.number().describe(meaning);
export const flagOf = (meaning: Meaning) => z.boolean().describe(meaning);
export const listOf = (meaning: Meaning) => z.array(z.string()).describe(meaning);
export const textOrNull = (meaning: Meaning) => z.string().nullable().describe(meaning);
export const numberOrNull = (meaning: Meaning) => z.number().nullable().describe(meaning);
export const countOrNull = (meaning: Meaning) => z.int().nullable().describe(meaning);
export const instantOrNull = (meaning: Meaning) => instant.nullable().describe(meaning);
