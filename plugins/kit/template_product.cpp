// SPDX-License-Identifier: Apache-2.0
#include "plugins/kit/templates.h"

namespace atlink::plugins::kit {

const std::string_view standalone_description = R"({
  "$schema": @schema@,
  "schema": 1,
  "id": "@id@",
  "version": "0.1",
  "name": @name_json@,
  "summary": @name_json@,
  "x-note": "Members whose names begin with x- are yours: nobody reads them.",
  "context_path": { "default": "", "known": ["/@id@"] },
  "detect": {
    "probes": {
      "about": {
        "x-note": "Asked without credentials. The answer must be this product's and no other's.",
        "endpoint": { "path": "/api/about" },
        "json": { "/product": [@name_json@] },
        "tells": { "version": "/version", "title": "/title" }
      }
    }
  },
  "sign_in": {
    "oauth1": {
      "request_token": { "path": "/oauth/request-token" },
      "authorize": { "path": "/oauth/authorize" },
      "access_token": { "path": "/oauth/access-token" },
      "signature_methods": ["RSA-SHA1"],
      "transmissions": ["header"],
      "lifetimes": { "request_token": 600, "access_token": 7776000 }
    }
  },
  "identity": {
    "endpoint": { "path": "/api/me" },
    "json": ["/login"]
  },
  "signals": {
    "login-form": {
      "means": "login_page",
      "header": { "name": "Content-Type", "contains": "text/html" },
      "body_contains": "name=\"password\""
    },
    "too-many": { "means": "rate_limited", "status": [429] }
  },
  "errors": { "messages": ["/errors/*/message", "/message"] },
  "pagers": {
    "things": {
      "style": "offset",
      "items": ["/values"],
      "position": "offset",
      "size": "limit",
      "usual_size": 25,
      "largest_size": 100,
      "tells": { "total": "/total" }
    }
  },
  "operations": {
    "thing-list": {
      "summary": "list things",
      "path": "/api/things",
      "parameters": { "kind": { "summary": "only those of this kind" } },
      "query": { "kind": "{kind}" },
      "pager": "things"
    },
    "thing-get": {
      "summary": "show a thing",
      "path": "/api/things/{key}",
      "parameters": { "key": { "summary": "its key", "required": true } }
    },
    "thing-add": {
      "summary": "add a thing",
      "method": "POST",
      "path": "/api/things",
      "parameters": { "title": { "summary": "what it is called", "required": true } },
      "json": { "title": "{title}" }
    }
  },
  "pages": {
    "links": { "path": "/admin/consumers" },
    "revoke": { "path": "/account/applications" }
  },
  "link": {
    "guides": {
      "consumers": {
        "title": "The administration has a page \"Consumers\"",
        "who": "an administrator",
        "screens": ["consumer"]
      }
    },
    "screens": {
      "consumer": {
        "title": "New consumer",
        "instruction": "Fill in and save.",
        "fields": [
          { "label": "Name", "action": "paste", "value": "{consumer_name}" },
          { "label": "Consumer key", "action": "paste", "value": "{consumer_key}" },
          { "label": "Public key", "action": "paste", "value": "{public_key}" },
          { "label": "Callback URL", "action": "empty", "note": "Each sign-in says its own." }
        ]
      }
    }
  }
}
)";

const std::string_view standalone_answers = R"({
  "resources": [
    {
      "method": "GET",
      "path": "/api/about",
      "anonymous": true,
      "body": { "product": @name_json@, "version": "1.0", "title": "A sandbox", "url": "{base_url}" }
    },
    {
      "method": "GET",
      "path": "/api/me",
      "body": { "login": "{user}" }
    }
  ],
  "collections": [
    {
      "path": "/api/things",
      "id_member": "key",
      "id_prefix": "T-",
      "initial": [
        { "key": "T-1", "title": "the first thing" },
        { "key": "T-2", "title": "the second thing" }
      ]
    }
  ]
}
)";

}  // namespace atlink::plugins::kit
