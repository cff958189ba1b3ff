-- SPDX-License-Identifier: Apache-2.0
-- CME MDP 3.0: packets of messages that begin with their own size, a fixed part and groups. Uses
-- what dissector.lua, before this, defines.

local mdp3 = make_protocol("mdp3")
local mdp_packet = make_protocol("mdp_packet")
local mdp_message_header = 10

-- Where the group ends, or nothing where it is not whole.
local function add_group(branch, buffer, at, group)
  local entry = mdp3.by_name[group.part]
  if at + group.header > buffer:len() then return nil end
  local length = buffer(at, 2):le_uint()
  local count = buffer(at + group.header - 1, 1):uint()
  local first = at + group.header
  if first + length * count > buffer:len() or (count > 0 and length < entry.size) then
    return nil
  end
  for index = 0, count - 1 do
    local range = buffer(first + index * length, length)
    local part = branch:add(mdp3.proto, range)
    part:set_text(group.name .. " " .. index .. ", " .. entry.title)
    add_fields(mdp3, part, range:tvb(), entry, entry.size)
  end
  return first + length * count
end

local function dissect_mdp_message(buffer, tree)
  local branch = tree:add(mdp3.proto, buffer())
  local template = buffer(4, 2):le_uint()
  local message = mdp3.by_type[""][template]
  local name = mdp3.source.codes.template[template] or "unknown " .. template
  branch:add_le(mdp3.type_field, buffer(4, 2)):append_text(" (" .. name .. ")")
  if not message then
    branch:add(mdp3.rest_field, buffer())
    branch:add_proto_expert_info(mdp3.unknown)
    return name
  end
  branch:append_text(", " .. message.title)
  local fixed_end = mdp_message_header + buffer(2, 2):le_uint()
  if fixed_end < message.size or fixed_end > buffer:len() then
    branch:add_proto_expert_info(mdp3.malformed, "shorter than the table says")
    return message.name
  end
  add_fields(mdp3, branch, buffer, message, message.size)
  local at = fixed_end
  for _, group in ipairs(message.groups or {}) do
    at = add_group(branch, buffer, at, group)
    if not at then
      branch:add_proto_expert_info(mdp3.malformed, "a group passes the end of the message")
      return message.name
    end
  end
  return message.name
end

-- The message that begins there, or nothing.
local function mdp_message_at(buffer, at)
  if at + mdp_message_header > buffer:len() then return nil end
  local size = buffer(at, 2):le_uint()
  if size < mdp_message_header or at + size > buffer:len() then return nil end
  return buffer(at, size)
end

local function plausible_mdp(buffer)
  local at = mdp_packet.by_name.header.size
  if buffer:len() <= at then return false end
  while at < buffer:len() do
    local message = mdp_message_at(buffer, at)
    if not message or message(6, 2):le_uint() ~= 1 then return false end
    at = at + message:len()
  end
  return true
end

function mdp_packet.proto.dissector(buffer, pinfo, tree)
  pinfo.cols.protocol = "CME MDP 3.0"
  local branch = tree:add(mdp_packet.proto, buffer())
  local header = mdp_packet.by_name.header
  if buffer:len() < header.size then
    branch:add_proto_expert_info(mdp_packet.malformed, "shorter than a header")
    return
  end
  add_fields(mdp_packet, branch, buffer, header, header.size)
  local names, at = {}, header.size
  while at < buffer:len() do
    local message = mdp_message_at(buffer, at)
    if not message then
      branch:add(mdp_packet.rest_field, buffer(at))
      branch:add_proto_expert_info(mdp_packet.malformed, "a message passes the end of the datagram")
      break
    end
    names[#names + 1] = dissect_mdp_message(message:tvb(), branch)
    at = at + message:len()
  end
  pinfo.cols.info = summary(names)
end

mdp_packet.proto.prefs.guess = Pref.bool("Guess", false, "Take every datagram that looks like one")
mdp_packet.proto.prefs_changed = follow_ports(mdp_packet, "udp.port", "UDP ports")
mdp_packet.proto:register_heuristic("udp", function(buffer, pinfo, tree)
  if not mdp_packet.proto.prefs.guess or not plausible_mdp(buffer) then return false end
  mdp_packet.proto.dissector(buffer, pinfo, tree)
  return true
end)
