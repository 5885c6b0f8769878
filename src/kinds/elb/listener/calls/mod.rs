pub mod convert;

use super::{Certificates, Listener, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elb::calls::to_elb;
use crate::kinds::elb::load_balancer::LoadBalancer;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_elasticloadbalancingv2::types::{self, Certificate};
use futures::future::try_join_all;

impl Calls for Listener {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let balancers = listing.of::<LoadBalancer>().await?;
        let found = try_join_all(balancers.iter().map(|of| of_balancer(&of.handle, aws))).await?;
        let found: Vec<types::Listener> = found.into_iter().flatten().collect();
        let arns: Vec<String> = found.iter().filter_map(|l| l.listener_arn.clone()).collect();
        let mut tags = aws.elb_tags(&arns).await?;
        let live = found.into_iter().filter_map(|listener| {
            let tags = tags.remove(listener.listener_arn()?)?;
            Some(read(tags, listener, listing))
        });
        Ok(try_join_all(live.collect::<Vec<_>>()).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.elb
                .create_listener()
                .load_balancer_arn(&self.load_balancer_arn)
                .port(self.port)
                .protocol(self.protocol.as_str().into())
                .set_ssl_policy(self.ssl_policy.clone())
                .set_certificates(self.default_certificate())
                .set_default_actions(Some(convert::to_sdk(&self.default_actions)))
                .set_tags(Some(to_elb(&self.tags)))
                .send()
        };
        // CreateListener is idempotent: repeated, it returns the listener that the first call
        // created.
        let created = aws.safe("elasticloadbalancing:CreateListener", call).await?;
        let created = created.listeners.and_then(|mut listeners| listeners.pop());
        Ok(outputs(created.and_then(|listener| listener.listener_arn).unwrap_or_default()))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        let others: Vec<&String> = self.certificates.others.iter().collect();
        add_certificates(&outputs["arn"], &others, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (arn, was) = (&live.handle, &live.spec);
        if was.certificates.default.is_some() {
            let added = self.certificates.others.difference(&was.certificates.others);
            add_certificates(arn, &added.collect::<Vec<_>>(), aws).await?;
        }
        let differs = self.port != was.port
            || self.protocol != was.protocol
            || self.ssl_policy != was.ssl_policy
            || self.certificates.default != was.certificates.default
            || self.default_actions != was.default_actions;
        if differs {
            let call = || {
                aws.elb
                    .modify_listener()
                    .listener_arn(arn)
                    .port(self.port)
                    .protocol(self.protocol.as_str().into())
                    .set_ssl_policy(self.ssl_policy.clone())
                    .set_certificates(self.default_certificate())
                    .set_default_actions(Some(convert::to_sdk(&self.default_actions)))
                    .send()
            };
            aws.safe("elasticloadbalancing:ModifyListener", call).await?;
        }
        self.correct_certificates(arn, &was.certificates, aws).await?;
        aws.retag_elb(arn, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.elb.delete_listener().listener_arn(&live.handle).send();
        aws.delete("elasticloadbalancing:DeleteListener", call).await
    }
}

impl Listener {
    fn default_certificate(&self) -> Option<Vec<Certificate>> {
        let arn = self.certificates.default.as_ref()?;
        Some(vec![certificate_of(arn)])
    }

    /// Corrects the list of the other certificates, once the default one is set. AWS may keep a
    /// default certificate in the list as well, so the previous default is added to the list or
    /// removed from it. A listener that had no TLS before could not have a list until now.
    async fn correct_certificates(&self, arn: &str, was: &Certificates, aws: &Aws) -> Result<()> {
        let (now, before) = (&self.certificates, &was.default);
        // AWS removes all certificates itself when a listener stops using TLS.
        let Some(default) = &now.default else { return Ok(()) };
        if before != &now.default {
            let missing = |arn: &&String| before.as_ref().is_none_or(|before| before == *arn);
            let missing: Vec<&String> = now.others.iter().filter(missing).collect();
            add_certificates(arn, &missing, aws).await?;
        }
        let wanted = |arn: &String| arn == default || now.others.contains(arn);
        let listed = was.others.iter().chain(before);
        let removed: Vec<&String> = listed.filter(|arn| !wanted(arn)).collect();
        for certificate in removed {
            let remove = || aws.elb.remove_listener_certificates().listener_arn(arn);
            let call = || remove().certificates(certificate_of(certificate)).send();
            aws.safe("elasticloadbalancing:RemoveListenerCertificates", call).await.found()?;
        }
        Ok(())
    }
}

/// Adds certificates to a listener. AWS accepts one per call.
async fn add_certificates(listener: &str, arns: &[&String], aws: &Aws) -> Result<()> {
    for arn in arns {
        let add = || aws.elb.add_listener_certificates().listener_arn(listener);
        let call = || add().certificates(certificate_of(arn)).send();
        aws.safe("elasticloadbalancing:AddListenerCertificates", call).await?;
    }
    Ok(())
}

fn certificate_of(arn: &str) -> Certificate {
    Certificate::builder().certificate_arn(arn).build()
}

/// The listeners of a load balancer; none if it was deleted.
async fn of_balancer(arn: &str, aws: &Aws) -> Result<Vec<types::Listener>> {
    let call =
        |marker| aws.elb.describe_listeners().load_balancer_arn(arn).set_marker(marker).send();
    let found = aws
        .pages("elasticloadbalancing:DescribeListeners", call, |page| {
            (page.next_marker, page.listeners)
        })
        .await;
    Ok(found.found()?.unwrap_or_default())
}

/// The certificates other than the default one, which is the only one that DescribeListeners
/// returns.
async fn other_certificates(arn: &str, aws: &Aws) -> Result<Vec<String>> {
    let describe = || aws.elb.describe_listener_certificates().listener_arn(arn);
    let call = |marker| describe().set_marker(marker).send();
    let found = aws
        .pages("elasticloadbalancing:DescribeListenerCertificates", call, |page| {
            (page.next_marker, page.certificates)
        })
        .await;
    let found = found.found()?.unwrap_or_default().into_iter();
    let others = found.filter(|certificate| certificate.is_default != Some(true));
    Ok(others.filter_map(|certificate| certificate.certificate_arn).collect())
}

async fn read(
    tags: Tags,
    listener: types::Listener,
    listing: &Listing<'_>,
) -> Result<Option<Live<Listener>>> {
    let owner = listing.owner::<Listener>(None, &tags);
    let (Some(owner), Some(arn)) = (owner, listener.listener_arn) else { return Ok(None) };
    let default = listener.certificates.and_then(|mut all| all.pop()?.certificate_arn);
    let others = match default {
        Some(_) => other_certificates(&arn, listing.aws).await?,
        None => Vec::new(),
    };
    let protocol = listener.protocol.map_or_else(String::new, |p| p.as_str().into());
    let spec = Listener {
        load_balancer_arn: listener.load_balancer_arn.unwrap_or_default(),
        port: listener.port.unwrap_or_default(),
        protocol,
        ssl_policy: listener.ssl_policy.filter(|policy| !policy.is_empty()),
        certificates: Certificates::new(default, others),
        default_actions: convert::from_sdk(listener.default_actions),
        tags,
    };
    Ok(Some(owner.live(arn.clone(), spec, outputs(arn))))
}
