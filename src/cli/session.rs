//! What every command works with: global options, output, and the stack to work on.
use super::args::Global;
use super::error::Error;
use super::input::Input;
use super::output::Output;
use super::progress::Screen;
use crate::blueprint::Blueprint;
use crate::cloud::Cloud;
use crate::engine::Engine;
use crate::kinds;
use crate::resource::Observation;
use std::path::PathBuf;

pub struct Session {
    pub global: Global,
    pub output: Output,
    screen: Screen,
}

/// A stack, given by a blueprint or by its name.
pub struct Stack {
    pub name: String,
    pub region: String,
    pub account: Option<String>,
    pub blueprint: Option<Blueprint>,
}

impl From<Blueprint> for Stack {
    fn from(blueprint: Blueprint) -> Self {
        Stack {
            name: blueprint.stack.clone(),
            region: blueprint.region.clone(),
            account: blueprint.account.clone(),
            blueprint: Some(blueprint),
        }
    }
}

impl Session {
    pub fn new(global: Global, output: Output) -> Self {
        Session { global, output, screen: Screen::new(output) }
    }

    /// The pipeline on a cloud, with progress shown to the user.
    pub fn engine<'a>(&'a self, cloud: &'a dyn Cloud) -> Engine<'a> {
        Engine::new(cloud, kinds::registry()).with_observer(&self.screen)
    }

    /// The stack of the blueprints, or the stack `name` if one is given.
    ///
    /// # Errors
    /// A file cannot be read, the blueprint has errors, or the stack's region is not known.
    pub fn stack(&self, files: &[PathBuf], name: Option<&str>) -> Result<Stack, Error> {
        match name {
            Some(name) => Ok(Stack {
                name: name.into(),
                region: self.global.region_without_blueprint()?,
                account: None,
                blueprint: None,
            }),
            None => self.stack_of(Input::read(&self.global.all_files(files))?),
        }
    }

    /// The stack of blueprints that have been read.
    ///
    /// # Errors
    /// The input is a saved plan, or the blueprint has errors.
    pub fn stack_of(&self, input: Input) -> Result<Stack, Error> {
        let blueprint = super::blueprint::load(&self.global, &input.blueprints()?)?;
        if !self.output.json && !blueprint.warnings.is_empty() {
            self.output.message(&blueprint.warnings.to_text(true));
        }
        Ok(blueprint.into())
    }

    /// The live resources of a stack. A stack that is given by name must exist: names are mistyped.
    ///
    /// # Errors
    /// The cloud cannot be read, or it has no stack of this name.
    pub async fn observe_existing(
        &self,
        cloud: &dyn Cloud,
        stack: &Stack,
    ) -> Result<Observation, Error> {
        let observation = self.engine(cloud).observe(&stack.name).await?;
        if stack.blueprint.is_none() && observation.values().all(Vec::is_empty) {
            let place = Box::new(cloud.place().clone());
            return Err(Error::NoStack { name: stack.name.clone(), place });
        }
        Ok(observation)
    }
}
