// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace atlink::cli {

/// `text` as one word of a POSIX shell, for a line that is there to be pasted: as it is where no
/// character of it means anything to a shell, else between single quotes.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace atlink::cli
