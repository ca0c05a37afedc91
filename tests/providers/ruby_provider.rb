#!/usr/bin/ruby
# frozen_string_literal: true
# SPDX-License-Identifier: Apache-2.0
# An OAuth 1.0a provider on loopback whose signature verdicts are ruby-oauth's.
#
# The library parses the Authorization header, builds the base string and verifies the signature.
# Around it this file adds what the products add: routing under a context path, oauth_problem
# answers, timestamps and nonces, tokens, a consent step that a test decides, and resources that tell
# what they received. The options and control addresses are those of oauthlib_provider.py.

require "cgi"
require "digest"
require "json"
require "oauth"
require "oauth/request_proxy/mock_request"
require "oauth/signature/hmac/sha1"
require "oauth/signature/rsa/sha1"
require "optparse"
require "securerandom"
require "uri"
require "webrick"

OPTIONS = {
  port: 0, context_path: "", consumers: {}, secrets: {}, endpoints: "/plugins/servlet/oauth",
  user: "alice", two_legged_user: "robot", clock_skew: 0, acceptable: true, forwarded: false,
  no_sessions: false
}

def file_of(pair)
  key, file = pair.split("=", 2)
  raise OptionParser::InvalidArgument, "KEY=FILE is wanted" unless file

  [key, File.read(file)]
end

OptionParser.new do |o|
  o.on("--port N", Integer) { |v| OPTIONS[:port] = v }
  o.on("--context-path PATH") { |v| OPTIONS[:context_path] = v }
  o.on("--consumer KEY=PUBLIC.pem") { |v| file_of(v).then { |key, text| OPTIONS[:consumers][key] = text } }
  o.on("--hmac-consumer KEY=SECRETFILE") { |v| file_of(v).then { |key, text| OPTIONS[:secrets][key] = text.strip } }
  o.on("--endpoints PREFIX") { |v| OPTIONS[:endpoints] = v }
  o.on("--user NAME") { |v| OPTIONS[:user] = v }
  o.on("--two-legged-user NAME") { |v| OPTIONS[:two_legged_user] = v }
  o.on("--clock-skew SECONDS", Integer) { |v| OPTIONS[:clock_skew] = v }
  o.on("--no-acceptable-timestamps") { OPTIONS[:acceptable] = false }
  o.on("--no-sessions") { OPTIONS[:no_sessions] = true }
  o.on("--forwarded") { OPTIONS[:forwarded] = true }
end.parse!

# A refusal in the words of the products.
class Problem < StandardError
  STATUS = Hash.new(401).merge(
    "timestamp_refused" => 400, "parameter_absent" => 400, "parameter_rejected" => 400,
    "version_rejected" => 400, "signature_method_rejected" => 400
  )
  attr_reader :extra, :verdict

  def initialize(name, extra = {}, verdict = nil)
    super(name)
    @extra = extra
    @verdict = verdict
  end
end

# One request as the checks see it.
class Signed
  attr_reader :method, :url, :form, :oauth, :parameters

  def initialize(method, url, header, content_type, body)
    @method = method
    @url = url
    @query = pairs(URI.parse(url).query)
    @form = content_type.to_s.include?("x-www-form-urlencoded") ? pairs(body) : []
    @header = header.to_s.start_with?("OAuth ") ? OAuth::Helper.parse_header(header) : {}
    @parameters = merged
    @oauth = @parameters.select { |name, _| name.start_with?("oauth_") }
  end

  attr_reader :query

  def oauth?
    @parameters.key?("oauth_signature")
  end

  # What ruby-oauth says of the signature with this key.
  def verified?(consumer_secret, token_secret)
    request = { "method" => @method, "uri" => @url, "parameters" => @parameters }
    OAuth::Signature.verify(request, consumer_secret: consumer_secret, token_secret: token_secret)
  rescue OAuth::Signature::UnknownSignatureMethod
    raise Problem, "signature_method_rejected"
  end

  private

  def pairs(text)
    URI.decode_www_form(text.to_s)
  end

  # Names with all their values, as the library takes them; the realm is not signed.
  def merged
    all = @query + @form + @header.reject { |name, _| name == "realm" }.to_a
    all.group_by(&:first).transform_values do |found|
      values = found.map(&:last)
      values.size == 1 ? values.first : values
    end
  end
end

# Turns requests into answers. One at a time.
class Provider
  NEEDED = %w[oauth_consumer_key oauth_signature_method oauth_signature oauth_timestamp oauth_nonce].freeze

  def initialize
    @lock = Mutex.new
    @request_tokens = {}
    @access_tokens = {}
    @nonces = {}
    @log = []
  end

  def handle(method, url, header, content_type, body)
    @lock.synchronize do
      path = URI.parse(url).path.delete_prefix(OPTIONS[:context_path])
      name = nil
      case [method, path]
      when ["POST", "#{OPTIONS[:endpoints]}/request-token"] then name = :on_request_token
      when ["POST", "#{OPTIONS[:endpoints]}/access-token"] then name = :on_access_token
      when ["GET", "#{OPTIONS[:endpoints]}/authorize"] then return on_authorize(url)
      when ["POST", "#{OPTIONS[:endpoints]}/authorize"] then return on_consent(url, body)
      when ["POST", "/-/decide"] then return on_decide(body)
      when ["POST", "/-/expire"] then return on_expire(body)
      when ["GET", "/-/log"] then return json(200, @log)
      else name = :on_resource if path.start_with?("/rest/")
      end
      return [404, { "Content-Type" => "text/plain" }, "there is nothing here\n"] unless name

      answer(name, Signed.new(method, url, header, content_type, body), body, content_type)
    end
  end

  private

  def answer(name, signed, body, content_type)
    result = send(name, signed, body, content_type)
    record(name, "", true) if signed.oauth?
    result
  rescue Problem => e
    record(name, e.message, e.verdict)
    refuse(e, signed.url)
  end

  def record(name, problem, verdict)
    endpoint = name.to_s.delete_prefix("on_").tr("_", "-")
    @log << { endpoint: endpoint, problem: problem, verdict: verdict.nil? ? {} : { signature: verdict }, complaint: "" }
  end

  # The dance.
  def on_request_token(signed, _body, _type)
    check_parameters(signed, ["oauth_callback"])
    callback = signed.oauth["oauth_callback"]
    raise Problem.new("parameter_rejected", "oauth_parameters_rejected" => "oauth_callback") unless callback == "oob" || callback =~ %r{\Ahttps?://}

    check_freshness(signed)
    check_signature(signed, "")
    token = SecureRandom.alphanumeric(32)
    secret = SecureRandom.alphanumeric(32)
    @request_tokens[token] = { secret: secret, consumer: signed.oauth["oauth_consumer_key"], callback: callback }
    form_answer("oauth_token" => token, "oauth_token_secret" => secret, "oauth_callback_confirmed" => "true")
  end

  def on_access_token(signed, _body, _type)
    check_parameters(signed, ["oauth_token"])
    return renew(signed) if signed.oauth.key?("oauth_session_handle") && !OPTIONS[:no_sessions]

    known = @request_tokens[signed.oauth["oauth_token"]]
    check_token(known, signed)
    raise Problem, "permission_unknown" unless known[:decision]
    raise Problem, "permission_denied" if known[:decision] == "deny"

    check_parameters(signed, ["oauth_verifier"])
    raise Problem, "token_rejected" unless known[:verifier] == signed.oauth["oauth_verifier"]

    check_freshness(signed)
    check_signature(signed, known[:secret])
    @request_tokens.delete(signed.oauth["oauth_token"])
    grant(signed)
  end

  # OAuth Session extension: the old token and its handle for a new pair; the old one is gone then.
  # A session outlives its token.
  def renew(signed)
    old = @access_tokens[signed.oauth["oauth_token"]]
    raise Problem, "token_rejected" unless old && old[:consumer] == signed.oauth["oauth_consumer_key"]
    raise Problem, "token_rejected" unless old[:handle] == signed.oauth["oauth_session_handle"]
    raise Problem, "permission_denied" if old[:session_over]

    check_freshness(signed)
    check_signature(signed, old[:secret])
    @access_tokens.delete(signed.oauth["oauth_token"])
    grant(signed)
  end

  def grant(signed)
    token = SecureRandom.alphanumeric(32)
    secret = SecureRandom.alphanumeric(32)
    handle = OPTIONS[:no_sessions] ? nil : SecureRandom.alphanumeric(32)
    @access_tokens[token] = { secret: secret, consumer: signed.oauth["oauth_consumer_key"], user: OPTIONS[:user],
                              handle: handle }
    session = handle ? { "oauth_session_handle" => handle, "oauth_authorization_expires_in" => "160272000" } : {}
    form_answer({ "oauth_token" => token, "oauth_token_secret" => secret, "oauth_expires_in" => "157680000" }.merge(session))
  end

  def on_authorize(url)
    token = URI.decode_www_form(URI.parse(url).query.to_s).to_h["oauth_token"]
    return [401, { "Content-Type" => "text/html" }, "<title>Unknown</title>This request token is not known."] unless @request_tokens.key?(token)

    [200, { "Content-Type" => "text/html" }, <<~HTML]
      <title>Allow?</title><form method="post" action="?oauth_token=#{CGI.escapeHTML(token)}">
      <button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>
    HTML
  end

  def on_consent(url, body)
    token = URI.decode_www_form(URI.parse(url).query.to_s).to_h["oauth_token"]
    taken = decide(token, URI.decode_www_form(body).to_h["decision"])
    return [400, { "Content-Type" => "text/plain" }, "unknown token or decision\n"] unless taken
    return [303, { "Location" => taken[:redirect] }, ""] if taken[:redirect]

    [200, { "Content-Type" => "text/html" }, "<title>Done</title><code>#{taken[:verifier]}</code>"]
  end

  def on_decide(body)
    form = URI.decode_www_form(body).to_h
    taken = decide(form["oauth_token"], form["decision"])
    json(taken ? 200 : 400, taken)
  end

  # What the person's decision leads to: verifier and redirect; nil if there is none to take.
  def decide(token, decision)
    known = @request_tokens[token]
    return nil unless known && %w[allow deny].include?(decision)

    known[:decision] = decision
    known[:verifier] = decision == "allow" ? SecureRandom.alphanumeric(6) : nil
    callback = known[:callback]
    return { verifier: known[:verifier], redirect: nil } if callback == "oob"

    fields = URI.encode_www_form("oauth_token" => token, "oauth_verifier" => known[:verifier] || "denied")
    { verifier: known[:verifier], redirect: "#{callback}#{callback.include?("?") ? "&" : "?"}#{fields}" }
  end

  # Lets tokens expire: those of the form field kind (request or access), or end their sessions (session).
  def on_expire(body)
    kind = URI.decode_www_form(body).to_h["kind"] || "access"
    tokens = kind == "request" ? @request_tokens : @access_tokens
    tokens.each_value { |token| token[kind == "session" ? :session_over : :expired] = true }
    json(200, { expired: tokens.size })
  end

  # Resources.
  def on_resource(signed, body, type)
    return challenge(401, signed.url, {}, '{"message":"sign in first"}', "application/json") unless signed.oauth?

    check_parameters(signed, [])
    user = OPTIONS[:two_legged_user]
    secret = ""
    unless signed.oauth["oauth_token"].to_s.empty?
      known = @access_tokens[signed.oauth["oauth_token"]]
      check_token(known, signed)
      user = known[:user]
      secret = known[:secret]
    end
    check_freshness(signed)
    check_signature(signed, secret)
    echo(signed, body, type, user)
  end

  def echo(signed, body, type, user)
    parts = URI.parse(signed.url)
    status, headers, text = json(200, {
      method: signed.method, path: parts.path, raw_query: parts.query.to_s, query: signed.query, form: signed.form,
      body_sha256: Digest::SHA256.hexdigest(body), body_length: body.bytesize, content_type: type.to_s,
      user: user, name: user, username: user, displayName: user
    })
    [status, headers.merge("X-AUSERNAME" => CGI.escape(user)), text]
  end

  # Checks.
  def check_parameters(signed, more)
    absent = (NEEDED + more).reject { |name| signed.oauth.key?(name) }
    raise Problem.new("parameter_absent", "oauth_parameters_absent" => absent.join("&")) unless absent.empty?

    repeated = signed.oauth.select { |_, value| value.is_a?(Array) }.keys
    raise Problem.new("parameter_rejected", "oauth_parameters_rejected" => repeated.join("&")) unless repeated.empty?

    key = signed.oauth["oauth_consumer_key"]
    raise Problem, "consumer_key_unknown" unless OPTIONS[:consumers].key?(key) || OPTIONS[:secrets].key?(key)
    raise Problem.new("version_rejected", "oauth_acceptable_versions" => "1.0-1.0") unless [nil, "1.0"].include?(signed.oauth["oauth_version"])
  end

  def check_token(known, signed)
    raise Problem, "token_rejected" unless known && known[:consumer] == signed.oauth["oauth_consumer_key"]
    raise Problem, "token_expired" if known[:expired]
  end

  def check_freshness(signed)
    now = Time.now.to_i + OPTIONS[:clock_skew]
    stamp = Integer(signed.oauth["oauth_timestamp"], 10, exception: false)
    unless stamp && (stamp - now).abs <= 300
      raise Problem.new("timestamp_refused", OPTIONS[:acceptable] ? { "oauth_acceptable_timestamps" => "#{now - 300}-#{now + 300}" } : {})
    end
    seen = signed.oauth.values_at("oauth_consumer_key", "oauth_token", "oauth_timestamp", "oauth_nonce")
    raise Problem, "nonce_used" if @nonces.key?(seen)

    @nonces[seen] = true
  end

  def check_signature(signed, token_secret)
    key = signed.oauth["oauth_consumer_key"]
    expected = OPTIONS[:consumers].key?(key) ? "RSA-SHA1" : "HMAC-SHA1"
    raise Problem, "signature_method_rejected" unless signed.oauth["oauth_signature_method"] == expected

    secret = OPTIONS[:consumers][key] || OPTIONS[:secrets][key]
    raise Problem.new("signature_invalid", {}, false) unless signed.verified?(secret, token_secret)
  end

  # Answers.
  def refuse(problem, url)
    fields = { "oauth_problem" => problem.message }.merge(problem.extra)
    challenge(Problem::STATUS[problem.message], url, fields, percent(fields),
              "application/x-www-form-urlencoded;charset=UTF-8")
  end

  def challenge(status, url, fields, body, type)
    parts = URI.parse(url)
    realm = "#{parts.scheme}://#{parts.host}:#{parts.port}#{OPTIONS[:context_path]}"
    quoted = { "realm" => realm }.merge(fields).map { |name, value| %(#{name}="#{OAuth::Helper.escape(value)}") }
    [status, { "WWW-Authenticate" => "OAuth #{quoted.join(", ")}", "Content-Type" => type, "X-AUSERNAME" => "anonymous" }, body]
  end

  def form_answer(fields)
    [200, { "Content-Type" => "text/plain" }, percent(fields)]
  end

  def percent(fields)
    fields.map { |name, value| "#{OAuth::Helper.escape(name)}=#{OAuth::Helper.escape(value)}" }.join("&")
  end

  def json(status, value)
    [status, { "Content-Type" => "application/json" }, JSON.generate(value)]
  end
end

# Reads a request whole and hands it to the provider.
class Front < WEBrick::HTTPServlet::AbstractServlet
  def initialize(server, provider)
    super(server)
    @provider = provider
  end

  def service(request, response)
    scheme = OPTIONS[:forwarded] ? request["X-Forwarded-Proto"] || "http" : "http"
    host = OPTIONS[:forwarded] ? request["X-Forwarded-Host"] || request["Host"] : request["Host"]
    target = request.unparsed_uri
    body = request.body.to_s.b
    status, headers, text =
      if "#{target.split("?").first}/".start_with?("#{OPTIONS[:context_path]}/")
        @provider.handle(request.request_method, "#{scheme}://#{host}#{target}", request["Authorization"],
                         request["Content-Type"], body)
      else
        [404, { "Content-Type" => "text/plain" }, "outside the context path\n"]
      end
    response.status = status
    headers.each { |name, value| response[name] = value }
    response.body = text
  end
end

# Said once it runs: a signal that comes earlier would go unheard.
announce = lambda do |server|
  puts "http://127.0.0.1:#{server.listeners.first.addr[1]}#{OPTIONS[:context_path]}"
  $stdout.flush
end
server = nil
server = WEBrick::HTTPServer.new(BindAddress: "127.0.0.1", Port: OPTIONS[:port], AccessLog: [],
                                 Logger: WEBrick::Log.new($stderr, WEBrick::Log::FATAL), DoNotReverseLookup: true,
                                 RequestTimeout: 60, StartCallback: -> { announce.call(server) })
server.mount("/", Front, Provider.new)
trap("TERM") { server.shutdown }
server.start
