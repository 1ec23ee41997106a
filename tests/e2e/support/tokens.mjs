// How many tokens a text costs a model.
import { encode } from 'gpt-tokenizer/encoding/o200k_base';

export const tokens = (text) => encode(text, { disallowedSpecial: new Set() }).length;
