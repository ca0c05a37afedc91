// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/http_message.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The outside world, all of it: nothing else in the engine reads a clock, a disk, an environment
/// variable, a terminal or a socket. Implement these to embed or to test; `system_platform` gives
/// the real one.
namespace atlink {

/// Time. Thread-safe.
class ATLINK_API Clock {
 public:
  Clock() = default;
  virtual ~Clock();
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  /// Wall-clock time, for timestamps and expiry.
  [[nodiscard]] virtual std::chrono::system_clock::time_point now() = 0;
  /// Never goes back; for deadlines.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() = 0;
  /// Waits; returns early with `cancelled` when the person interrupts (see `interrupt_waiting`).
  virtual Status sleep(std::chrono::milliseconds duration) = 0;
};

/// Unpredictable bytes. Thread-safe.
class ATLINK_API RandomSource {
 public:
  RandomSource() = default;
  virtual ~RandomSource();
  RandomSource(const RandomSource&) = delete;
  RandomSource& operator=(const RandomSource&) = delete;
  /// Fills `out` or fails with `internal`.
  virtual Status fill(std::span<unsigned char> out) = 0;
};

/// Environment variables, read-only. Thread-safe.
class ATLINK_API Environment {
 public:
  Environment() = default;
  virtual ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  /// The value, also when it is empty; none if unset.
  [[nodiscard]] virtual std::optional<std::string> get(const std::string& name) const = 0;
  /// The names of all that are set, for programs that are started; an environment that does not
  /// override this has none to hand on.
  [[nodiscard]] virtual std::vector<std::string> names() const;
};

/// An open file. Not thread-safe. Closing by destruction loses errors: call `close`.
class ATLINK_API File {
 public:
  File() = default;
  virtual ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  /// Fills the front of `buffer`; 0 at the end. Fails with `file_io`.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> buffer) = 0;
  /// Writes all of `bytes`. Fails with `file_io` or `file_unwritable` (disk full).
  virtual Status write(std::string_view bytes) = 0;
  /// Has the content reach the disk (fsync).
  virtual Status flush() = 0;
  /// Back to the first byte; false where that cannot be (a pipe).
  [[nodiscard]] virtual bool rewind() = 0;
  /// Bytes in all, for regular files.
  [[nodiscard]] virtual std::optional<std::uint64_t> length() = 0;
  virtual Status close() = 0;
};

enum class FileKind { regular, folder, symlink, other };

/// What `stat` tells.
struct FileInfo {
  FileKind kind = FileKind::regular;
  std::uint64_t size = 0;
  /// Permission bits, 07777.
  unsigned mode = 0;
  unsigned owner = 0;
  std::chrono::system_clock::time_point modified;
};

/// What a file is opened for.
enum class OpenMode {
  /// For reading.
  read,
  /// Created for writing; fails with `file_exists` where something is there.
  create_new,
};

/// Files and folders at the level of handles, so that a test can fail the n-th call. Paths are
/// absolute or relative to the working directory. Every error names the path. Thread-safe.
class ATLINK_API FileSystem {
 public:
  FileSystem() = default;
  virtual ~FileSystem();
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;

  /// Symbolic links are followed for reading; `create_new` never follows one. `mode` are the
  /// permission bits of a file that is created, whatever the umask says.
  [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::string& path,
                                                           OpenMode how,
                                                           unsigned mode) = 0;
  /// A descriptor that was open before us: 0 for standard input, or one named on the command line.
  /// Closing the File leaves the descriptor open.
  [[nodiscard]] virtual Result<std::unique_ptr<File>> open_descriptor(int descriptor) = 0;
  /// Atomically replaces `to`. A folder replaces nothing but an empty folder.
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  /// Removes a file; `file_not_found` if there is none.
  virtual Status unlink(const std::string& path) = 0;
  /// Removes an empty folder; `file_not_found` if there is none.
  virtual Status remove_folder(const std::string& folder) = 0;
  /// About the file itself (`follow` false) or what a link leads to.
  [[nodiscard]] virtual Result<FileInfo> stat(const std::string& path, bool follow) = 0;
  /// Where a symbolic link points, as it is written in the link (maybe relative to its folder).
  /// Fails with `file_not_found`, and with `file_unreadable` for what is no link.
  [[nodiscard]] virtual Result<std::string> read_link(const std::string& path) = 0;
  /// Number of the user whose rights count for files, to compare with FileInfo::owner.
  [[nodiscard]] virtual unsigned user() = 0;
  /// Names in a folder, sorted, without "." and "..".
  [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
  /// Makes a folder and what is missing above it, each with `mode`; fine if it exists.
  virtual Status make_folders(const std::string& folder, unsigned mode) = 0;
  /// Has the entries of a folder reach the disk.
  virtual Status flush_folder(const std::string& folder) = 0;

  /// Holds an exclusive lock between processes until it is destroyed. The lock file is created with
  /// 0600 and never removed.
  class ATLINK_API Lock {
   public:
    Lock() = default;
    virtual ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
  };

  /// Waits at most `patience`, then `file_locked`.
  [[nodiscard]] virtual Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                                           std::chrono::milliseconds patience) = 0;

  /// Whole small files, made of the calls above. `read_all` refuses more than `limit` bytes with
  /// `file_damaged`.
  [[nodiscard]] Result<std::string> read_all(const std::string& path,
                                             std::size_t limit = std::size_t{4} << 20);

  /// Puts `bytes` at `path` so that after a crash at any moment the old or the new content is
  /// there, whole: temporary file in the same folder, flush, rename, folder flush. The folder is
  /// made with 0700 if missing. The temporary file has always the same name, so that what a killed
  /// run left is replaced; two writers of one path at a time must therefore share a lock. A
  /// symbolic link at `path` is replaced, never followed. A failure leaves no temporary file.
  Status write_all(const std::string& path, std::string_view bytes, unsigned mode);
};

/// A body read from a file or pipe as it is sent; rewinds where the file can. Owns `file`.
[[nodiscard]] ATLINK_API std::unique_ptr<BodySource> body_from_file(std::unique_ptr<File> file);

/// The person at the terminal. Questions never go through standard input or output.
class ATLINK_API Terminal {
 public:
  Terminal() = default;
  virtual ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  /// Whether a question can be asked at all (there is a controlling terminal).
  [[nodiscard]] virtual bool can_ask() = 0;
  /// Asks and reads a line. `no_terminal` where nobody can answer, `cancelled` at Ctrl-C or Ctrl-D.
  [[nodiscard]] virtual Result<std::string> ask(const std::string& question) = 0;
  /// The same without echo.
  [[nodiscard]] virtual Result<Secret> ask_secret(const std::string& question) = 0;
};

/// The person's web browser.
class ATLINK_API Browser {
 public:
  Browser() = default;
  virtual ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;
  /// Starts it on `url` without waiting. Fails where there is none to start (no desktop session).
  virtual Status open(const Url& url) = 0;
};

/// A program to run to its end.
struct ProcessStart {
  /// Absolute path; nothing is looked up.
  std::string program;
  /// What comes after the program's name.
  std::vector<std::string> arguments;
  /// All that its environment holds.
  std::vector<std::pair<std::string, std::string>> environment;
  /// What its standard input holds: a file in memory that nobody can change any more.
  std::string_view input;
  /// How long it may run.
  std::chrono::milliseconds patience{5000};
  /// How much it may print, on standard output and standard error each.
  std::size_t most_output = std::size_t{64} << 10;
};

/// What became of a program that ran.
struct ProcessEnd {
  enum class Why {
    exit,      ///< it ended with `exit_code`
    signal,    ///< the signal `signal` ended it
    patience,  ///< it was ended because it took too long
    output,    ///< it was ended because it printed too much
  };
  Why why = Why::exit;
  int exit_code = 0;
  int signal = 0;
  std::string out;
  std::string err;
};

/// Other programs. Thread-safe.
class ATLINK_API Process {
 public:
  Process() = default;
  virtual ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  /// Runs a program in a session of its own, with nothing of ours open but the three standard
  /// streams, and ends all of that session that is still there when it ends. Fails with
  /// `process_failed` where it cannot be started and with `cancelled` when the person interrupts.
  [[nodiscard]] virtual Result<ProcessEnd> run(const ProcessStart& start) = 0;
  /// The path of a program of the installation that people do not run themselves. Fails with
  /// `module_missing`.
  [[nodiscard]] virtual Result<std::string> own_program(const std::string& name) = 0;
};

/// Native code that did not come with the program. Thread-safe.
class ATLINK_API Loader {
 public:
  Loader() = default;
  virtual ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  /// Loads a shared object from its bytes, with local symbols, and gives what `symbol` stands for.
  /// No path is opened, so that what runs is what was given. It stays loaded until the process
  /// ends. Fails with `native_invalid`, giving the system's own reason.
  [[nodiscard]] virtual Result<const void*> load(std::string_view object,
                                                 const std::string& symbol) = 0;
};

/// Sends requests. Connections are pooled and kept alive inside one Transport. Thread-safe: one
/// exchange a thread at a time.
class ATLINK_API Transport {
 public:
  Transport() = default;
  virtual ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Carries out one exchange. A Status fails only when there was no complete answer (or the
  /// handler refused): `network_*` when no byte of an answer arrived, `answer_truncated` when some
  /// had. An HTTP error status is a success here. Never sends twice: where a kept-alive connection
  /// turned out to be closed before a byte of the answer came, it fails with `network_answer_lost`
  /// if any byte of the request had been handed to that connection, and connects afresh otherwise.
  /// Redirects are not followed. No proxy, netrc or key-log variable of the environment is read:
  /// proxies are those of the exchange, and one that answers in the server's place makes it fail
  /// (`network_proxy…`). A client certificate is shown to its own origins only.
  virtual Status send(const Exchange& exchange) = 0;

  /// Looks at the certificates that the origin of `url` presents, trusted or not: handshakes that
  /// end there. No byte of a request is sent, so no credential. Fails with `network_*`, and with
  /// `network_tls` where `url` is not https or the transport cannot look, which is what one that
  /// does not override this says.
  [[nodiscard]] virtual Result<PresentedChain> look(const Url& url,
                                                    const ConnectionOptions& connection,
                                                    std::chrono::milliseconds deadline);
};

/// Everything of the above that an engine object needs. Does not own; the parts must outlive it.
struct Platform {
  Clock& clock;
  RandomSource& random;
  Environment& environment;
  FileSystem& files;
  Terminal& terminal;
  Browser& browser;
  Transport& transport;
  Process& process;
  Loader& loader;
};

/// For a host's handler of SIGINT or SIGTERM: everything that waits on the system's platform, now
/// or later, ends with `cancelled`. Async-signal-safe; cannot be taken back.
ATLINK_API void interrupt_waiting() noexcept;

/// A descriptor that becomes readable with `interrupt_waiting` and stays so, for loops that poll.
/// Not to be read or closed. -1 where the system has none left.
[[nodiscard]] ATLINK_API int interruption_descriptor() noexcept;

/// The real world of this process, made on first use and kept until it ends. Its transport loads
/// the `wire` module with the first exchange, so that what sends nothing loads nothing.
[[nodiscard]] ATLINK_API Platform system_platform();

}  // namespace atlink
