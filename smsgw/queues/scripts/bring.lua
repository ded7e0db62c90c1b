-- ARGV: keys and receipts (msgpack: key, receipt, key, receipt ...), now. Receipts that came
-- over another shard's connection: those whose carrier ids are known here are kept for
-- whoever holds this shard; 1 for each of them, else 0.
local pairs_of = cmsgpack.unpack(ARGV[1])
local keys, kept, answers = {}, {}, {}
for n = 1, #pairs_of, 2 do keys[#keys + 1] = pairs_of[n] end
local places = {}
look_up(newest('map:', bucket, MAPS), keys, places)
for n, key in ipairs(keys) do
  local mine = places[key] or is_applied(key)
  answers[n] = mine and 1 or 0
  if mine then
    kept[#kept + 1] = key
    kept[#kept + 1] = pairs_of[2 * n]
  end
end
many('HSET', P .. 'brought', kept)
return answers
