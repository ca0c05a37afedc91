// SPDX-License-Identifier: Apache-2.0
#include "cli/link_page.h"

#include "atlink/html.h"
#include "atlink/text.h"
#include "cli/link_text.h"

#include <fmt/format.h>

namespace atlink::cli {

namespace {

constexpr std::string_view style = R"(:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}details{margin:.8rem 0}h3{font-size:1rem;margin-bottom:.3rem}
dl{margin:0}dt{font-weight:600;margin-top:.7rem}dd{margin:0;display:flex;gap:.6rem;align-items:start}
code,pre{font-family:ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap;margin:0;flex:1}
.value{border:1px solid color-mix(in srgb,currentColor 35%,transparent);border-radius:.3rem;padding:.2rem .5rem}
.note{opacity:.85;font-size:.92rem;margin:.2rem 0 0}
button{font:inherit;padding:.15rem .9rem}
button:focus-visible,summary:focus-visible{outline:3px solid Highlight;outline-offset:2px}
#progress{border-left:.3rem solid currentColor;padding-left:.8rem}
@media print{button,#progress{display:none}details{display:block}})";

// Without a script everything can still be read, and copied by hand.
constexpr std::string_view script =
    R"(for(const b of document.querySelectorAll("button[data-copy]")){
b.hidden=false;b.addEventListener("click",async()=>{const v=document.getElementById(b.dataset.copy);
try{await navigator.clipboard.writeText(v.textContent);b.textContent="Copied"}
catch{getSelection().selectAllChildren(v);b.textContent="Press Ctrl+C"}
setTimeout(()=>{b.textContent="Copy"},2500)})}
const p=document.getElementById("progress"),d=document.getElementById("done");
d.hidden=false;let open=true;
d.addEventListener("click",async()=>{open=false;try{await fetch(d.dataset.path,{method:"POST"})}catch{}
p.textContent="This page is finished and can be closed."});
async function look(){if(!open)return;
if(!document.hidden){try{const s=await(await fetch(p.dataset.path)).json();if(open)p.textContent=s.text}
catch{if(open)p.textContent="The program has ended. Run it again to follow the progress."}}
setTimeout(look,4000)}
look();)";

/// Elements with a value and a button that copies it.
class Values {
 public:
  std::string show(std::string_view value) {
    const std::string id = fmt::format("v{}", ++count_);
    const bool lines = value.find('\n') != std::string_view::npos;
    return fmt::format(
        "<dd><{0} class=\"value\" id=\"{1}\">{2}</{0}><button type=\"button\" hidden "
        "data-copy=\"{1}\" aria-describedby=\"{1}\">Copy</button></dd>\n",
        lines ? "pre" : "code",
        id,
        escape_html(value));
  }

 private:
  int count_ = 0;
};

std::string note(std::string_view text) {
  return text.empty()
             ? std::string()
             : fmt::format("<p class=\"note\">{}</p>\n", escape_html(printable(text, 2000)));
}

std::string field_html(const LinkField& field, Values& values) {
  std::string html = fmt::format("<dt>{}</dt>\n", escape_html(printable(field.label)));
  if (field.value.empty()) {
    html += fmt::format(
        "<dd>{}</dd>\n",
        field.action == "empty" ? "leave it empty" : escape_html(printable(field.action)));
  } else {
    html += field.action == "paste" ? values.show(field.value)
                                    : fmt::format("<dd>{}: {}</dd>\n",
                                                  escape_html(printable(field.action)),
                                                  escape_html(printable(field.value, 4000)));
  }
  return html + note(field.note);
}

std::string screen_html(const LinkScreen& screen, Values& values) {
  std::string html = fmt::format("<h3>{}</h3>\n", escape_html(printable(screen.title)));
  html += note(screen.instruction);
  html += "<dl>\n";
  for (const LinkField& field : screen.fields) {
    html += field_html(field, values);
  }
  html += "</dl>\n";
  for (const std::string& ignored : screen.ignore) {
    html += note(fmt::format("Ignore: {}", ignored));
  }
  return html;
}

std::string guide_html(const LinkGuide& guide, bool open, Values& values) {
  std::string html = fmt::format("<details{}>\n<summary><strong>{}</strong></summary>\n",
                                 open ? " open" : "",
                                 escape_html(printable(versions_of(guide))));
  html += guide.title.empty() ? "" : note(fmt::format("Seen when: {}", guide.title));
  html += guide.who.empty() ? "" : note(fmt::format("Done by: {}", guide.who));
  for (const LinkScreen& screen : guide.screens) {
    html += screen_html(screen, values);
  }
  return html + "</details>\n";
}

std::string all_values_html(const LinkValues& link, Values& values) {
  const std::pair<std::string_view, const std::string&> pairs[] = {
      {"Consumer key", link.consumer_key},
      {"Consumer name", link.consumer_name},
      {"Application URL", link.application_url},
      {"Request token URL", link.request_token_url},
      {"Authorize URL", link.authorize_url},
      {"Access token URL", link.access_token_url},
      {"Public key", link.public_key},
      {"Public key without its BEGIN and END lines", link.public_key_body},
  };
  std::string html = "<h2>All values</h2>\n<dl>\n";
  for (const auto& [label, value] : pairs) {
    if (!value.empty()) {
      html += fmt::format("<dt>{}</dt>\n{}", label, values.show(value));
    }
  }
  return html + "</dl>\n";
}

std::string admin_page_html(const LinkValues& link) {
  return link.links_url.empty()
             ? std::string()
             : fmt::format(
                   "<p>On <a href=\"{0}\" rel=\"noreferrer\" target=\"_blank\">{0}</a></p>\n",
                   escape_html(link.links_url));
}

}  // namespace

std::string link_page(const Place& place,
                      const LinkValues& values,
                      const std::vector<LinkGuide>& guides,
                      std::string_view script_nonce,
                      std::string_view state_path) {
  const std::string title =
      fmt::format("Application link at {} ({})", place.base.str(), printable(place.product.name));
  Values shown;
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{0}</title>\n"
      "<style nonce=\"{1}\">{2}</style>\n</head>\n<body>\n<h1>{0}</h1>\n"
      "<p id=\"progress\" role=\"status\" data-path=\"{3}/state\">"
      "To follow the progress here, the browser has to allow scripts.</p>\n{4}",
      escape_html(title),
      script_nonce,
      style,
      escape_html(state_path),
      admin_page_html(values));
  for (const LinkGuide& guide : guides) {
    html += guide_html(guide, &guide == &guides.front(), shown);
  }
  html += all_values_html(values, shown);
  html += fmt::format(
      "<p><button type=\"button\" id=\"done\" hidden data-path=\"{}/done\">I am done</button></p>\n"
      "<script nonce=\"{}\">{}</script>\n</body>\n</html>\n",
      escape_html(state_path),
      script_nonce,
      script);
  return html;
}

}  // namespace atlink::cli
