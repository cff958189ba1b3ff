-- SPDX-License-Identifier: Apache-2.0
-- Transports of little-endian feeds: Cboe's sequenced units with PITCH inside, IEX-TP with DEEP
-- inside. Uses what dissector.lua, before this, defines.

-- A transport is a header and blocks. length_of(tvb, at) is a block's length with all it has;
-- message_at is where the message begins in it.
local function make_transport(name, title, messages, shape)
  local self = make_protocol(name)
  self.title, self.messages, self.shape = title, messages, shape
  self.header = self.by_name.header
  return self
end

local function header_number(self, buffer, field)
  for _, entry in ipairs(self.header.fields) do
    if entry.field == field then
      local range = buffer(entry.at, entry.size)
      return entry.size > 4 and tonumber(tostring(range:le_uint64())) or range:le_uint()
    end
  end
end

-- Returns false where the bytes cannot be a packet of that transport.
local function plausible(self, buffer)
  if buffer:len() < self.header.size or not self.shape.fits(self, buffer) then return false end
  local at = self.header.size
  for _ = 1, header_number(self, buffer, "message_count") do
    if at + self.shape.length_size > buffer:len() then return false end
    local length = self.shape.length_of(buffer, at)
    if length < self.shape.length_size then return false end
    at = at + length
  end
  return at == buffer:len()
end

local function dissect_feed_blocks(self, buffer, branch)
  local names = {}
  local at = self.header.size
  for _ = 1, header_number(self, buffer, "message_count") do
    local counted = at + self.shape.length_size <= buffer:len()
    local length = counted and self.shape.length_of(buffer, at) or 0
    if not counted or length < self.shape.length_size or at + length > buffer:len() then
      branch:add_proto_expert_info(self.malformed, "a block passes the end of the datagram")
      return names
    end
    if self.by_name.block then
      add_fields(self, branch, buffer(at, self.by_name.block.size), self.by_name.block,
                 self.by_name.block.size)
    end
    local first = at + self.shape.message_at
    if length > self.shape.message_at then
      local message = buffer(first, length - self.shape.message_at):tvb()
      names[#names + 1] = dissect_message(self.messages, message, branch, "")
    end
    at = at + length
  end
  if at < buffer:len() then
    branch:add(self.rest_field, buffer(at))
    branch:add_proto_expert_info(self.malformed, "bytes follow the last block")
  end
  return names
end

local function register_transport(self)
  function self.proto.dissector(buffer, pinfo, tree)
    pinfo.cols.protocol = self.title
    local branch = tree:add(self.proto, buffer())
    if buffer:len() < self.header.size then
      branch:add_proto_expert_info(self.malformed, "shorter than a header")
      return
    end
    add_fields(self, branch, buffer, self.header, self.header.size)
    if not self.shape.fits(self, buffer) then
      branch:add_proto_expert_info(self.malformed, "the header's length is another")
    end
    local names = dissect_feed_blocks(self, buffer, branch)
    local count = header_number(self, buffer, "message_count")
    pinfo.cols.info = count == 0 and "heartbeat" or summary(names)
  end
  self.proto.prefs.guess = Pref.bool("Guess", false, "Take every datagram that looks like one")
  self.proto.prefs_changed = follow_ports(self, "udp.port", "UDP ports")
  self.proto:register_heuristic("udp", function(buffer, pinfo, tree)
    if not self.proto.prefs.guess or not plausible(self, buffer) then return false end
    self.proto.dissector(buffer, pinfo, tree)
    return true
  end)
end

local sequenced_unit = make_transport("sequenced_unit", "Cboe unit", make_protocol("pitch"), {
  length_size = 2,
  message_at = 0,
  length_of = function(buffer, at) return buffer(at, 1):uint() end,
  fits = function(self, buffer)
    return header_number(self, buffer, "block_length") == buffer:len()
  end,
})
local iextp = make_transport("iextp", "IEX-TP", make_protocol("deep"), {
  length_size = 2,
  message_at = 2,
  length_of = function(buffer, at) return 2 + buffer(at, 2):le_uint() end,
  fits = function(self, buffer)
    return header_number(self, buffer, "version") == 1
        and header_number(self, buffer, "payload_length") == buffer:len() - self.header.size
  end,
})
register_transport(sequenced_unit)
register_transport(iextp)
