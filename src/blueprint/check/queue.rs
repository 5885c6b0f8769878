//! Checks of consumers: the queue exists, and its times and those of the service fit together.

use super::super::queue::VISIBILITY_PER_HANDLER;
use super::super::service::Service;
use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::language::units::{show_milliseconds, show_seconds};
use crate::blueprint::service::consume::Consume;
use crate::suggest;

/// The delay of metrics of a queue that was idle for six hours, in seconds.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html>
const METRIC_DELAY_S: u32 = 900;

impl Check<'_> {
    pub fn consumes(&self, name: &str, service: &Service) {
        let known = self.names("queues");
        for (queue, consume) in &service.consumes {
            let at = format!("services.{name}.consumes.{queue}");
            if !known.contains(&queue.as_str()) {
                let summary = format!("unknown queue `{queue}`");
                let label = "not in `queues`";
                let mut report = self.error(&at, code::UNKNOWN_QUEUE, &summary, label);
                report.help = suggest::help(queue, &known)
                    .or_else(|| Some(format!("add it: `queues: {{ {queue}: {{}} }}`")));
                self.report(report);
            }
            self.in_time(&at, consume);
            self.visibility(&at, queue, consume);
            self.drain(name, service, &at, consume);
            self.wake_up(name, service, &at, consume);
        }
    }

    /// A message cannot be processed within a time that is shorter than its handler time.
    fn in_time(&self, at: &str, consume: &Consume) {
        if u64::from(consume.within_s) * 1000 >= u64::from(consume.handler_time_ms) {
            return;
        }
        let handler = show_milliseconds(consume.handler_time_ms);
        let summary = "the handler takes longer than `within`";
        let within = format!("{at}.within");
        let label = format!("is {}", show_seconds(consume.within_s));
        let report = self.error(&within, code::SLOW_HANDLER, summary, &label);
        let label = format!("is {handler}");
        let report = self.mark(report, &format!("{at}.handler_time"), &label);
        self.report(report.help(format!("set `within` to {handler} or more")));
    }

    /// A message that becomes visible again while a handler processes it is processed twice.
    fn visibility(&self, at: &str, queue: &str, consume: &Consume) {
        let Some(found) = self.blueprint.queues.get(queue) else { return };
        let least_ms = consume.handler_time_ms.saturating_mul(VISIBILITY_PER_HANDLER);
        let path = format!("queues.{queue}.visibility");
        if found.existing.is_some()
            || !self.is_written(&path)
            || u64::from(found.visibility_s) * 1000 >= u64::from(least_ms)
        {
            return;
        }
        let summary = format!("messages of `{queue}` could be processed twice");
        let label = format!("is {}", show_seconds(found.visibility_s));
        let report = self.error(&path, code::SHORT_VISIBILITY, &summary, &label);
        let label = format!("takes {}", show_milliseconds(consume.handler_time_ms));
        let report = self.mark(report, &format!("{at}.handler_time"), &label);
        let least = show_seconds(least_ms.div_ceil(1000));
        self.report(report.help(format!(
            "set `visibility` to {least} or more, {VISIBILITY_PER_HANDLER} times the handler time"
        )));
    }

    /// A drain time shorter than the handler time terminates instances while they process a message.
    fn drain(&self, name: &str, service: &Service, at: &str, consume: &Consume) {
        let path = format!("services.{name}.drain");
        let Some(drain_s) = service.drain_s.filter(|_| self.is_written(&path)) else { return };
        if u64::from(drain_s) * 1000 >= u64::from(consume.handler_time_ms) {
            return;
        }
        let summary = format!("instances of `{name}` could terminate while they process a message");
        let label = format!("is {}", show_seconds(drain_s));
        let report = self.error(&path, code::SHORT_DRAIN, &summary, &label);
        let handler = show_milliseconds(consume.handler_time_ms);
        let label = format!("takes {handler}");
        let report = self.mark(report, &format!("{at}.handler_time"), &label);
        self.report(report.help(format!("set `drain` to {handler} or more")));
    }

    /// Without instances, a message waits until the metrics of its queue appear and an instance has
    /// started.
    fn wake_up(&self, name: &str, service: &Service, at: &str, consume: &Consume) {
        let wake_up_s = METRIC_DELAY_S + service.scale.warmup_s;
        if service.scale.min > 0 || consume.within_s >= wake_up_s {
            return;
        }
        let summary = format!("`{name}` cannot scale up from 0 instances in time");
        let label = format!("is {}", show_seconds(consume.within_s));
        let within = format!("{at}.within");
        let report = self.error(&within, code::SLOW_WAKE_UP, &summary, &label);
        let min = format!("services.{name}.scale.min");
        let report = self.mark(report, &min, "allows 0 instances");
        self.report(report.help(format!(
            "set `min: 1`, or `within` to {} or more: metrics of an idle queue may be delayed by {}",
            show_seconds(wake_up_s),
            show_seconds(METRIC_DELAY_S)
        )));
    }
}
