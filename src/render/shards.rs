//! Renders shard maps.
use super::doc::{Block, Document, Label, Line};
use crate::shards::locate::Home;
use crate::shards::map::{Map, Shard, State};
use crate::shards::moves::{self, Share, Transfer, counted};
use serde_json::{Value, json};

/// The shards of a map and the slots each owns.
pub fn map(database: &str, map: &Map) -> Document {
    let mut document = Document::default();
    document.push(heading(database, map));
    let row = |shard: &Shard| {
        let ranges = map.ranges.iter().filter(|range| range.2 == shard.id);
        let ranges: Vec<String> = ranges.map(|range| format!("{}-{}", range.0, range.1)).collect();
        vec![
            Line::plain(&shard.id),
            Line::new(label(shard.state), state(shard.state)),
            Line::plain(counted(map.owned(&shard.id))),
            Line::plain(format!("weight {}", shard.weight)),
            Line::plain(address(shard, &shard.writer)),
            Line::new(Label::Muted, ranges.join(" ")),
        ]
    };
    document.push(Block::Rows(map.shards.iter().map(row).collect()));
    document
}

/// The shard that stores a key.
pub fn home(home: &Home) -> Document {
    let Home { key, slot, shard } = home;
    let mut document = Document::default();
    let text = format!("`{key}` is in slot {slot}, which {} owns.", shard.id);
    document.text(Line::plain(text));
    let row = |what: &str, value: String| vec![Line::new(Label::Muted, what), Line::plain(value)];
    let mut rows = vec![row("writer", address(shard, &shard.writer))];
    rows.extend(shard.readers.iter().map(|reader| row("reader", address(shard, reader))));
    rows.push(row("secret", shard.secret_arn.clone()));
    document.push(Block::Rows(rows));
    document
}

/// The slots that have to move, and the number of slots that each shard owns afterwards.
pub fn plan(database: &str, map: &Map) -> Document {
    let mut document = Document::default();
    document.push(heading(database, map));
    let transfers = moves::moves(map);
    if transfers.is_empty() {
        document.text(Line::new(Label::Good, "Nothing to move: every shard owns its share."));
        return document;
    }
    let row = |share: &Share| {
        let change = format!("{} → {}", share.now, counted(share.target));
        let weight = Line::new(Label::Muted, format!("weight {}", share.weight));
        vec![Line::plain(share.id), Line::plain(change), weight]
    };
    document.push(Block::Rows(moves::shares(map).iter().map(row).collect()));
    moves::in_words(&transfers).into_iter().for_each(|line| document.text(Line::plain(line)));
    document
}

/// The plan as JSON.
pub fn plan_json(database: &str, map: &Map) -> Value {
    let transfers = moves::moves(map);
    let share = |share: &Share| {
        let Share { id, weight, now, target } = share;
        json!({ "id": id, "weight": weight, "slots": now, "target": target })
    };
    json!({
        "database": database,
        "map_version": map.version,
        "slots_to_move": transfers.iter().map(Transfer::size).sum::<u32>(),
        "shards": moves::shares(map).iter().map(share).collect::<Vec<Value>>(),
        "moves": transfers,
    })
}

fn heading(database: &str, map: &Map) -> Block {
    let facts = format!(
        " of {}: {} by {}, version {} of the map",
        map.stack,
        counted(map.slots),
        map.shard_key,
        map.version
    );
    Block::Heading(Line::new(Label::Heading, database).and(Label::Plain, facts))
}

fn address(shard: &Shard, host: &str) -> String {
    format!("{host}:{}/{}", shard.port, shard.db)
}

fn state(state: State) -> &'static str {
    match state {
        State::Joining => "joining",
        State::Active => "active",
        State::Draining => "draining",
        State::Retired => "retired",
    }
}

fn label(state: State) -> Label {
    match state {
        State::Active => Label::Good,
        _ => Label::Warning,
    }
}
