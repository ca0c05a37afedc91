// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_elf.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <link.h>
#include <optional>

namespace atlink::plugins {

namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Entry = ElfW(Dyn);
using Symbol = ElfW(Sym);
using Offset = std::uint64_t;

constexpr std::size_t most_segments = 256;
constexpr std::size_t most_entries = 4096;
// Enough to say what is wrong; the work must not grow with what somebody else wrote.
constexpr std::size_t most_symbols = 4096;
constexpr Offset longest_text = 256;
constexpr unsigned char our_class = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char our_order =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
// Not in every release of <elf.h>: a symbol of which there is one in the whole process.
constexpr unsigned unique_binding = 10;

/// The number of this kind of machine in ELF headers; 0 where it is not known here.
constexpr unsigned our_machine() {
#if defined(__x86_64__)
  return EM_X86_64;
#elif defined(__aarch64__)
  return EM_AARCH64;
#elif defined(__riscv)
  return EM_RISCV;
#elif defined(__powerpc64__)
  return EM_PPC64;
#elif defined(__s390x__)
  return EM_S390;
#elif defined(__arm__)
  return EM_ARM;
#elif defined(__i386__)
  return EM_386;
#else
  return 0;
#endif
}

/// Reads nothing that is not among the bytes.
class Image {
 public:
  explicit Image(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  [[nodiscard]] std::optional<T> at(Offset offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) {
      return std::nullopt;
    }
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return value;
  }

  /// The n-th element of an array.
  template <class T>
  [[nodiscard]] std::optional<T> at(Offset offset, std::size_t index) const {
    return index > bytes_.size() / sizeof(T) ? std::nullopt : at<T>(offset + index * sizeof(T));
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  /// At most `size` bytes from `offset` on.
  [[nodiscard]] std::string_view piece(Offset offset, Offset size) const {
    return offset > bytes_.size() ? std::string_view() : bytes_.substr(offset, size);
  }

 private:
  std::string_view bytes_;
};

/// What the dynamic section says; 0 for what it does not say.
struct Dynamic {
  Offset strings = 0;
  Offset strings_size = 0;
  Offset symbols = 0;
  Offset hash = 0;
  Offset gnu_hash = 0;
  std::vector<Offset> needed;
  std::vector<Offset> search_paths;
};

std::string judge_header(const Header& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return "it is not an ELF file";
  }
  if (header.e_ident[EI_CLASS] != our_class || header.e_ident[EI_DATA] != our_order) {
    return "it is for a machine of another word size or byte order";
  }
  if (our_machine() != 0 && header.e_machine != our_machine()) {
    return fmt::format("it is for another kind of machine (ELF machine {}; this one is {})",
                       header.e_machine,
                       our_machine());
  }
  if (header.e_type != ET_DYN) {
    return fmt::format("it is an ELF file of another kind (type {}) than a shared object",
                       header.e_type);
  }
  return header.e_phentsize == sizeof(Segment) ? "" : "its program headers have a strange size";
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : image_(bytes) {}

  [[nodiscard]] tl::expected<ElfObject, std::string> read() {
    if (std::string problem = read_segments(); !problem.empty()) {
      return tl::unexpected(std::move(problem));
    }
    if (!read_dynamic()) {
      return tl::unexpected(std::string("it has no dynamic section that can be read"));
    }
    ElfObject object;
    for (const Offset offset : dynamic_.needed) {
      object.needed.push_back(text(offset));
    }
    for (const Offset offset : dynamic_.search_paths) {
      object.search_paths.push_back(text(offset));
    }
    read_symbols(object.exported);
    return object;
  }

 private:
  std::string read_segments();
  bool read_dynamic();
  void take(const Entry& entry);
  void read_symbols(std::vector<ElfSymbol>& into) const;
  [[nodiscard]] std::pair<std::size_t, std::size_t> symbol_range() const;
  [[nodiscard]] std::pair<std::size_t, std::size_t> gnu_range(Offset table) const;

  /// Where in the file an address is that the object speaks of.
  [[nodiscard]] std::optional<Offset> place_of(Offset address) const {
    for (const Segment& segment : segments_) {
      if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
          address - segment.p_vaddr < segment.p_filesz) {
        return address - segment.p_vaddr + segment.p_offset;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string text(Offset offset) const {
    const auto place = place_of(dynamic_.strings);
    if (!place || offset >= dynamic_.strings_size) {
      return {};
    }
    const std::string_view rest =
        image_.piece(*place + offset, std::min(dynamic_.strings_size - offset, longest_text));
    return std::string(rest.substr(0, rest.find('\0')));
  }

  Image image_;
  std::vector<Segment> segments_;
  Dynamic dynamic_;
};

std::string Reader::read_segments() {
  const auto header = image_.at<Header>(0);
  if (!header) {
    return image_.piece(0, SELFMAG) == ELFMAG ? "it ends within its ELF header"
                                              : "it is not an ELF file";
  }
  if (std::string problem = judge_header(*header); !problem.empty()) {
    return problem;
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(header->e_phnum, most_segments); ++i) {
    const auto segment = image_.at<Segment>(header->e_phoff, i);
    if (!segment) {
      return "it ends within its program headers";
    }
    if (segment->p_offset > image_.size() ||
        image_.size() - segment->p_offset < segment->p_filesz) {
      return "it ends before what its program headers name";
    }
    segments_.push_back(*segment);
  }
  return {};
}

void Reader::take(const Entry& entry) {
  switch (entry.d_tag) {
    case DT_STRTAB:
      dynamic_.strings = entry.d_un.d_ptr;
      break;
    case DT_STRSZ:
      dynamic_.strings_size = entry.d_un.d_val;
      break;
    case DT_SYMTAB:
      dynamic_.symbols = entry.d_un.d_ptr;
      break;
    case DT_HASH:
      dynamic_.hash = entry.d_un.d_ptr;
      break;
    case DT_GNU_HASH:
      dynamic_.gnu_hash = entry.d_un.d_ptr;
      break;
    case DT_NEEDED:
      dynamic_.needed.push_back(entry.d_un.d_val);
      break;
    case DT_RPATH:
    case DT_RUNPATH:
      dynamic_.search_paths.push_back(entry.d_un.d_val);
      break;
    default:
      break;
  }
}

bool Reader::read_dynamic() {
  const auto found = std::find_if(segments_.begin(), segments_.end(), [](const Segment& segment) {
    return segment.p_type == PT_DYNAMIC;
  });
  if (found == segments_.end()) {
    return false;
  }
  const auto place = place_of(found->p_vaddr);
  for (std::size_t i = 0; place && i < most_entries; ++i) {
    const auto entry = image_.at<Entry>(*place, i);
    if (!entry || entry->d_tag == DT_NULL) {
      return entry.has_value() && place_of(dynamic_.strings) && place_of(dynamic_.symbols);
    }
    take(*entry);
  }
  return false;
}

/// First and last but one of the symbols that a table in the GNU manner holds.
std::pair<std::size_t, std::size_t> Reader::gnu_range(Offset table) const {
  const auto buckets = image_.at<std::uint32_t>(table, 0).value_or(0);
  const auto first = image_.at<std::uint32_t>(table, 1).value_or(0);
  const auto filters = image_.at<std::uint32_t>(table, 2).value_or(0);
  const Offset bucket = table + 16 + Offset{filters} * sizeof(ElfW(Addr));
  std::size_t last = 0;
  for (std::uint32_t i = 0; i < buckets; ++i) {
    const auto head = image_.at<std::uint32_t>(bucket, i);
    if (!head) {
      return {0, 0};
    }
    last = std::max<std::size_t>(last, *head);
  }
  if (last < first || last == 0) {
    return {0, 0};
  }
  // The chain of the last bucket ends with an odd value.
  const Offset chain = bucket + Offset{buckets} * sizeof(std::uint32_t);
  while (image_.at<std::uint32_t>(chain, last - first).value_or(1) % 2 == 0) {
    ++last;
  }
  return {first, last + 1};
}

std::pair<std::size_t, std::size_t> Reader::symbol_range() const {
  // Where there are both tables the loader takes this one.
  if (const auto table = place_of(dynamic_.gnu_hash); table && dynamic_.gnu_hash != 0) {
    return gnu_range(*table);
  }
  const auto table = place_of(dynamic_.hash);
  return table && dynamic_.hash != 0 ? std::pair<std::size_t, std::size_t>(
                                           0, image_.at<std::uint32_t>(*table, 1).value_or(0))
                                     : std::pair<std::size_t, std::size_t>(0, 0);
}

bool is_exported(const Symbol& symbol) {
  const unsigned binding = symbol.st_info >> 4U;
  const unsigned visibility = symbol.st_other & 3U;
  return symbol.st_shndx != SHN_UNDEF &&
         (binding == STB_GLOBAL || binding == STB_WEAK || binding == unique_binding) &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

void Reader::read_symbols(std::vector<ElfSymbol>& into) const {
  const auto place = place_of(dynamic_.symbols);
  const auto [first, end] = symbol_range();
  for (std::size_t i = first; place && i < end && into.size() < most_symbols; ++i) {
    const auto symbol = image_.at<Symbol>(*place, i);
    if (!symbol) {
      return;
    }
    if (is_exported(*symbol)) {
      into.push_back(
          {text(symbol->st_name), (symbol->st_info & 0xFU) == STT_OBJECT, symbol->st_size});
    }
  }
}

}  // namespace

tl::expected<ElfObject, std::string> read_elf(std::string_view bytes) {
  return Reader(bytes).read();
}

}  // namespace atlink::plugins
