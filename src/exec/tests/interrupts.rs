use super::fakes::Fake;
use super::*;

/// Runs steps and sends interrupts, each a number of virtual seconds after the previous one.
async fn interrupted(draft: Draft, cloud: &dyn Cloud, at: &[(u64, Interrupt)]) -> Outcome {
    let (ask, asked) = watch::channel(Interrupt::None);
    let mut nothing = |_: Event| {};
    let options = Options { parallelism: 2 };
    let run = run(draft.0, BTreeMap::new(), cloud, "shop", options, asked, &mut nothing);
    let asking = async {
        for (seconds, level) in at {
            tokio::time::sleep(Duration::from_secs(*seconds)).await;
            ask.send_replace(*level);
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        outcome = run => outcome,
        () = asking => unreachable!(),
    }
}

fn three_and_one() -> Draft {
    Draft::default()
        .create("named.a", named("x", &[]), &[])
        .create("part.b", part(&[]), &[])
        .create("part.c", part(&[]), &[])
        .create("part.d", part(&[]), &["part.b"])
}

#[test]
fn first_interrupt_abandons_waits_and_starts_nothing() {
    on_sandbox(&[], async |cloud| {
        let outcome = interrupted(three_and_one(), cloud, &[(10, Interrupt::Once)]).await;
        let ids = |keys: &[Key]| keys.iter().map(|k| k.id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids(&outcome.done), ["named.a"]);
        let unknown: Vec<Key> = outcome.unknown.iter().map(|(key, _)| key.clone()).collect();
        assert_eq!(ids(&unknown), ["part.b", "part.c"]);
        assert_eq!(ids(&outcome.not_started), ["part.d"]);
        assert!(outcome.failed.is_empty() && outcome.skipped.is_empty());
        assert_eq!((outcome.interrupted, outcome.elapsed_s), (Interrupt::Once, 10));
        // Running the steps again completes without a duplicate, as far as names identify it.
        let (again, _) =
            walk(Draft::default().create("named.a", named("x", &[]), &[]), cloud).await;
        assert!(again.is_complete());
    });
}

#[test]
fn only_the_second_interrupt_abandons_calls_in_flight() {
    let slow = || Fake { call_s: 60, ..Fake::default() };
    let draft =
        || Draft::default().create("x.a", json!({}), &[]).create("x.b", json!({}), &["x.a"]);
    runtime().unwrap().block_on(async {
        let once = interrupted(draft(), &slow(), &[(10, Interrupt::Once)]).await;
        assert_eq!((once.unknown.len(), once.not_started.len(), once.elapsed_s), (1, 1, 60));
        let asked = [(10, Interrupt::Once), (5, Interrupt::Twice)];
        let twice = interrupted(draft(), &slow(), &asked).await;
        assert_eq!((twice.unknown.len(), twice.not_started.len(), twice.elapsed_s), (1, 1, 15));
        let at_once = interrupted(draft(), &slow(), &[(0, Interrupt::Twice)]).await;
        assert_eq!(at_once.done.len(), 0);
    });
}
