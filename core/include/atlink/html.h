// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/http_server.h"

#include <string>
#include <string_view>

/// The few pages that loopback servers show to a person.
namespace atlink {

/// `text` with the five characters that mean something in HTML written as references, fit for
/// element content and for attribute values in quotes.
[[nodiscard]] ATLINK_API std::string escape_html(std::string_view text);

/// Whether a page may send forms. A policy would also count the redirects that answer a form, so a
/// page that has one gets no bound on where it leads.
enum class PageForms { refused, allowed };

/// A whole page, light or dark as the browser wishes, under a policy that lets it load and run
/// nothing: no script, no frame, no picture, not kept in a cache. `title` is text, `body` is HTML.
[[nodiscard]] ATLINK_API ServerResponse html_page(int status,
                                                  std::string_view title,
                                                  std::string_view body,
                                                  PageForms forms = PageForms::refused);

}  // namespace atlink
