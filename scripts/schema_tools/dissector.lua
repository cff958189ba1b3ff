-- SPDX-License-Identifier: Apache-2.0
-- Walks the tables above. MoldUDP64 with ITCH inside over UDP, SoupBinTCP with OUCH (or ITCH)
-- inside over TCP; dissector_feeds.lua, behind this, has the other transports. Ports are
-- preferences; "Decode As" works; guessing is off until asked for.

local function trimmed(text)
  return (text:gsub("^%s+", ""):gsub("%s+$", ""))
end

-- An integer with implied decimals as text, without floating point.
local with_point
function with_point(value, decimals)
  local digits = tostring(value)
  if digits:sub(1, 1) == "-" then return "-" .. with_point(digits:sub(2), decimals) end
  if #digits <= decimals then digits = string.rep("0", decimals + 1 - #digits) .. digits end
  return digits:sub(1, -decimals - 1) .. "." .. digits:sub(-decimals)
end

-- A protocol with its Wireshark fields and its messages by direction and type.
local function make_protocol(name)
  local source = tables[name]
  local proto = Proto("ridley_" .. name, source.title .. " (Ridley)")
  local self = { proto = proto, source = source, fields = {}, by_type = {}, by_name = {} }
  local prefix = "ridley." .. name .. "."
  local list = {}
  for field, kind in pairs(source.kinds) do
    local made = ProtoField[kind](prefix .. field, field)
    self.fields[field] = made
    list[#list + 1] = made
  end
  self.numbered = type(source.messages[1].type) == "number"
  self.type_field = ProtoField.string(prefix .. "type", "type")
  if self.numbered then
    self.type_field = source.type_bytes == 2 and ProtoField.uint16(prefix .. "type", "type")
        or ProtoField.uint8(prefix .. "type", "type", base.HEX)
  end
  self.appendage_field = ProtoField.uint16(prefix .. "appendage_length", "appendage length")
  self.tag_field = ProtoField.uint8(prefix .. "tag", "tag")
  self.rest_field = ProtoField.bytes(prefix .. "rest", "bytes not in the table")
  for _, made in ipairs({ self.type_field, self.appendage_field, self.tag_field,
                          self.rest_field }) do
    list[#list + 1] = made
  end
  proto.fields = list
  self.malformed = ProtoExpert.new(prefix .. "malformed", "malformed", expert.group.MALFORMED,
                                   expert.severity.ERROR)
  self.unknown = ProtoExpert.new(prefix .. "unknown", "unknown type", expert.group.UNDECODED,
                                 expert.severity.WARN)
  self.longer = ProtoExpert.new(prefix .. "longer", "longer than the table",
                                expert.group.PROTOCOL, expert.severity.NOTE)
  proto.experts = { self.malformed, self.unknown, self.longer }
  for _, message in ipairs(source.messages) do
    self.by_name[message.name] = message
    local ways = { message.direction }
    if message.direction == "either" then ways = { "client", "server" } end
    for _, way in ipairs(ways) do
      self.by_type[way] = self.by_type[way] or {}
      self.by_type[way][message.type] = message
    end
  end
  return self
end

-- The number in a range, in the byte order of the protocol.
local function number_in(self, range, kind)
  local wide = range:len() > 4
  local signed = kind:sub(1, 3) == "int"
  if self.source.little_endian then
    if signed then return wide and range:le_int64() or range:le_int() end
    return wide and range:le_uint64() or range:le_uint()
  end
  if signed then return wide and range:int64() or range:int() end
  return wide and range:uint64() or range:uint()
end

local function add_value(self, tree, range, entry)
  local made = self.fields[entry.field]
  if entry.kind == "string" then
    local text = trimmed(range:string())
    local item = tree:add(made, range, text)
    local meaning = entry.codes and self.source.codes[entry.codes][text]
    if meaning then item:append_text(" (" .. meaning .. ")") end
    return
  end
  local item = self.source.little_endian and tree:add_le(made, range) or tree:add(made, range)
  local value = number_in(self, range, entry.kind)
  if entry.null == tostring(value) then return item:append_text(" (none)") end
  if entry.decimals then item:append_text(" (" .. with_point(value, entry.decimals) .. ")") end
  local meaning = entry.codes and self.source.codes[entry.codes][tonumber(tostring(value))]
  if meaning then item:append_text(" (" .. meaning .. ")") end
end

local function add_fields(self, tree, buffer, message, fixed_size)
  for _, entry in ipairs(message.fields) do
    if entry.at + entry.size <= fixed_size then
      add_value(self, tree, buffer(entry.at, entry.size), entry)
    end
  end
end

-- Optional fields count where the received length is exactly that of the longer form.
local function fixed_size_of(message, buffer)
  local longer = message.size
  for _, entry in ipairs(message.fields) do
    if entry.optional then longer = entry.at + entry.size end
  end
  local length = buffer:len()
  if longer == message.size or length == longer then return math.min(longer, length) end
  if message.appendage ~= "never" and length >= longer + 2
      and length == longer + 2 + buffer(longer, 2):uint() then
    return longer
  end
  return message.size
end

local function add_appendages(self, tree, buffer, at)
  local count = buffer(at, 2):uint()
  tree:add(self.appendage_field, buffer(at, 2))
  local first = at + 2
  local finish = first + count
  if finish ~= buffer:len() then
    tree:add_proto_expert_info(self.malformed, "the appendage length is not what follows")
    finish = math.min(finish, buffer:len())
  end
  while first < finish do
    local length = buffer(first, 1):uint()
    if length == 0 or first + 1 + length > finish then
      tree:add_proto_expert_info(self.malformed, "an appendage element overruns the appendage")
      return
    end
    local tag = buffer(first + 1, 1):uint()
    local element = self.source.elements[tag]
    local branch = tree:add(self.tag_field, buffer(first + 1, 1))
    branch:append_text(" (" .. (element and element.name or "unknown") .. ")")
    if element and element.size == length - 1 then
      add_value(self, branch, buffer(first + 2, length - 1), element)
    elseif length > 1 then
      branch:add(self.rest_field, buffer(first + 2, length - 1))
    end
    first = first + 1 + length
  end
end

-- One message of a protocol with a type byte near its front. Returns its name.
local function dissect_message(self, buffer, tree, way)
  local branch = tree:add(self.proto, buffer())
  local type_at = self.source.type_at
  if buffer:len() <= type_at then
    branch:add_proto_expert_info(self.unknown, "an empty message")
    return "empty"
  end
  local byte = buffer(type_at, 1)
  local message = self.by_type[way] and self.by_type[way][self.numbered and byte:uint()
                                                          or byte:string()]
  local item = branch:add(self.type_field, byte)
  if not message then
    branch:add(self.rest_field, buffer())
    branch:add_proto_expert_info(self.unknown)
    return "unknown " .. (self.numbered and string.format("0x%02x", byte:uint()) or byte:string())
  end
  item:append_text(" (" .. message.name .. ")")
  branch:append_text(", " .. message.title)
  if buffer:len() < message.size then
    branch:add_proto_expert_info(self.malformed, "shorter than the table says")
    return message.name
  end
  local size = fixed_size_of(message, buffer)
  add_fields(self, branch, buffer, message, size)
  if size == buffer:len() then return message.name end
  if message.appendage == "never" then
    branch:add(self.rest_field, buffer(size))
    branch:add_proto_expert_info(self.longer)
  elseif buffer:len() < size + 2 then
    branch:add_proto_expert_info(self.malformed, "half an appendage length")
  else
    add_appendages(self, branch, buffer, size)
  end
  return message.name
end

local itch = make_protocol("itch")
local ouch = make_protocol("ouch")
local mold = make_protocol("mold")
local soup = make_protocol("soup")

function itch.proto.dissector(buffer, pinfo, tree)
  pinfo.cols.info = dissect_message(itch, buffer, tree, "")
end

-- What came first and how many of each kind follow, for the packet list.
local function summary(names)
  if #names == 0 then return "" end
  local more = #names > 1 and (" and " .. (#names - 1) .. " more") or ""
  return names[1] .. more
end

-- Returns false where the bytes cannot be a MoldUDP64 packet.
local function plausible_mold(buffer)
  if buffer:len() < 20 then return false end
  local count = buffer(18, 2):uint()
  if buffer:len() == 20 then return true end
  if count == 0 or count == 0xFFFF then return false end
  local at = 20
  for _ = 1, count do
    if at + 2 > buffer:len() then return false end
    at = at + 2 + buffer(at, 2):uint()
  end
  return at == buffer:len()
end

local function dissect_blocks(buffer, branch, count)
  local names = {}
  local at = 20
  for _ = 1, count do
    if at + 2 > buffer:len() or at + 2 + buffer(at, 2):uint() > buffer:len() then
      branch:add_proto_expert_info(mold.malformed, "a block passes the end of the datagram")
      return names
    end
    local length = buffer(at, 2):uint()
    add_fields(mold, branch, buffer(at, 2), mold.by_name.block, 2)
    if length > 0 then
      names[#names + 1] = dissect_message(itch, buffer(at + 2, length):tvb(), branch, "")
    end
    at = at + 2 + length
  end
  if at < buffer:len() then
    branch:add(mold.rest_field, buffer(at))
    branch:add_proto_expert_info(mold.malformed, "bytes follow the last block")
  end
  return names
end

function mold.proto.dissector(buffer, pinfo, tree)
  pinfo.cols.protocol = "MoldUDP64"
  local branch = tree:add(mold.proto, buffer())
  if buffer:len() < 20 then
    branch:add_proto_expert_info(mold.malformed, "shorter than a header")
    return
  end
  local count = buffer(18, 2):uint()
  local meaning = mold.source.codes.message_count[count]
  -- A header alone is a heartbeat, an end, or a receiver that asks for messages again.
  local request = buffer:len() == 20 and not meaning
  local kind = request and mold.by_name.request_packet or mold.by_name.header
  add_fields(mold, branch, buffer, kind, 20)
  if buffer:len() == 20 then
    pinfo.cols.info = meaning or kind.name
    return
  end
  pinfo.cols.info = summary(dissect_blocks(buffer, branch, meaning and 0 or count))
end

local function dissect_payload(payload, pinfo, branch, way)
  if soup.proto.prefs.payload == 1 then return dissect_message(itch, payload, branch, "") end
  return dissect_message(ouch, payload, branch, way == "client" and "inbound" or "outbound")
end

-- Which end sent it: the server's port is the one that made this dissector run.
local function way_of(pinfo, letter)
  if letter == "S" then return "server" end
  if pinfo.match == pinfo.src_port and pinfo.match ~= pinfo.dst_port then return "server" end
  return "client"
end

local function dissect_soup_packet(buffer, pinfo, tree)
  pinfo.cols.protocol = "SoupBinTCP"
  local branch = tree:add(soup.proto, buffer())
  if buffer:len() < 3 then
    branch:add_proto_expert_info(soup.malformed, "a packet without a type")
    return buffer:len()
  end
  local letter = buffer(2, 1):string()
  local way = way_of(pinfo, letter)
  local message = soup.by_type[way][letter] or soup.by_type.server[letter]
      or soup.by_type.client[letter]
  branch:add(soup.type_field, buffer(2, 1))
  if not message then
    branch:add_proto_expert_info(soup.unknown)
    return buffer:len()
  end
  branch:append_text(", " .. message.title)
  pinfo.cols.info = message.name
  if buffer:len() < message.size then
    branch:add_proto_expert_info(soup.malformed, "shorter than the table says")
    return buffer:len()
  end
  add_fields(soup, branch, buffer, message, message.payload and 3 or fixed_size_of(message, buffer))
  if message.payload and letter ~= "+" then
    local payload = buffer:len() > 3 and buffer(3):tvb() or ByteArray.new():tvb("empty")
    if buffer:len() > 3 then pinfo.cols.info = dissect_payload(payload, pinfo, branch, way) end
  end
  return buffer:len()
end

local function soup_packet_length(buffer, _, offset)
  return buffer(offset, 2):uint() + 2
end

function soup.proto.dissector(buffer, pinfo, tree)
  dissect_tcp_pdus(buffer, tree, 2, soup_packet_length, dissect_soup_packet)
  return buffer:len()
end

-- Ports follow the preference; an empty range is none.
local function follow_ports(self, table_name, title)
  local transport = DissectorTable.get(table_name)
  local current = ""
  self.proto.prefs.ports = Pref.range(title, "", "Ports of this protocol", 65535)
  transport:add_for_decode_as(self.proto)
  return function()
    if current ~= "" then transport:remove(current, self.proto) end
    current = self.proto.prefs.ports
    if current ~= "" then transport:add(current, self.proto) end
  end
end

mold.proto.prefs.guess = Pref.bool("Guess", false, "Take every datagram that looks like one")
mold.proto.prefs_changed = follow_ports(mold, "udp.port", "UDP ports")
mold.proto:register_heuristic("udp", function(buffer, pinfo, tree)
  if not mold.proto.prefs.guess or not plausible_mold(buffer) then return false end
  mold.proto.dissector(buffer, pinfo, tree)
  return true
end)

soup.proto.prefs.payload = Pref.enum("Payload", 0, "What the data packets carry",
                                     { { 1, "OUCH 5.0", 0 }, { 2, "ITCH 5.0", 1 } }, false)
soup.proto.prefs_changed = follow_ports(soup, "tcp.port", "TCP ports")
