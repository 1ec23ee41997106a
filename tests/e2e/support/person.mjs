// The person behind a client that takes the official SDK's OAuthClientProvider: approves every
// consent page with the same key and choices, and keeps what the client asks to have kept.
import { approve, callback } from './oauth.mjs';

export class Person {
    constructor(apiKey, choices = {}) {
        this.choices = { api_key: apiKey, ...choices };
        this.consents = 0;
        this.refreshes = 0;
    }

    get redirectUrl() { return callback; }
    get clientMetadata() {
        return {
            client_name: 'SDK end-to-end test', redirect_uris: [callback],
            grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
            token_endpoint_auth_method: 'none',
        };
    }
    state() { return 'sdk-state'; }
    clientInformation() { return this.registered; }
    saveClientInformation(information) { this.registered = information; }
    tokens() { return this.saved; }
    saveTokens(tokens) {
        if (this.saved && tokens.refresh_token !== this.saved.refresh_token) this.refreshes += 1;
        this.saved = tokens;
    }
    saveCodeVerifier(verifier) { this.verifier = verifier; }
    codeVerifier() { return this.verifier; }
    async redirectToAuthorization(url) {
        this.consents += 1;
        this.back = await approve(url.href, this.choices);
    }
}
