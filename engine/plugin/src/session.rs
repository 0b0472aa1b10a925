//! One instance of a plugin: calls with fuel, a clock and a memory limit, and what their
//! failures mean.

use wasmtime::component::{
    ComponentExportIndex, ComponentNamedList, Instance, InstancePre, Lift, Lower, TypedFunc,
};
use wasmtime::{PoolConcurrencyLimitError, Store, Trap, WasmBacktrace};

use crate::border::{Batch, Contract, DistrictIndex, Fault as RawFault, Scores};
use crate::description::PluginKind;
use crate::error::{Call, Error, Fault, Part, Result, Site};
use crate::host::{FRAMES_MAX, Host};
use crate::limits::{Limits, TICK_MS};
use crate::state::{Refusal, State, one_line};

/// What the host reads at once beyond the answer itself. Texts that are too long are shortened
/// and lengths that are wrong are named; only what is out of all proportion is not read.
const SLACK_BYTES: usize = 16 << 20;

type ScoreResult = (std::result::Result<Scores, RawFault>,);
/// What scorers answered before there were vetoes.
type ValuesResult = (std::result::Result<Vec<f64>, RawFault>,);
type EvaluateResult = (std::result::Result<Vec<DistrictIndex>, RawFault>,);

/// A compiled component and the places of its functions.
pub(crate) struct Program {
    pub(crate) host: Host,
    pub(crate) pre: InstancePre<State>,
    pub(crate) exports: Exports,
    pub(crate) kind: PluginKind,
    /// What to call it in errors.
    pub(crate) name: String,
}

/// Where the functions of the exported interface are.
pub(crate) struct Exports {
    pub(crate) describe: ComponentExportIndex,
    pub(crate) configure: ComponentExportIndex,
    /// `score` or `evaluate`.
    pub(crate) answer: ComponentExportIndex,
    /// The version of the interface.
    pub(crate) contract: &'static Contract,
}

/// How much one call may use.
struct Budget {
    fuel: u64,
    answer_bytes: usize,
}

/// One instance. After an error it must be dropped: its memory may be half written.
pub(crate) struct Session {
    store: Store<State>,
    instance: Instance,
}

impl Program {
    /// A call that has nothing to do with rows.
    fn site(&self, call: Call) -> Site {
        Site { plugin: self.name.clone(), call, first_row: 0, rows: 0, remarks: Vec::new() }
    }

    fn limits(&self) -> &Limits {
        self.host.limits()
    }

    /// A fresh instance.
    pub(crate) fn start(&self) -> Result<Session> {
        let mut store = Store::new(self.host.engine(), State::new(self.limits()));
        store.limiter(|it| it);
        let fuel = self.limits().setup_fuel;
        prepare(&mut store, &self.host, &Budget { fuel, answer_bytes: 0 })
            .and_then(|()| self.pre.instantiate(&mut store))
            .map_err(|it| explain(&store, &it, self.site(Call::Start), fuel))
            .map(|instance| Session { store, instance })
    }

    /// An instance that has taken its settings.
    pub(crate) fn configured(&self, settings: &str) -> Result<Session> {
        let mut session = self.start()?;
        session.configure(self, settings)?;
        Ok(session)
    }
}

impl Session {
    /// What the plugin says of itself.
    pub(crate) fn describe(&mut self, program: &Program) -> Result<String> {
        let function = self.function::<(), (String,)>(&program.exports.describe, "describe")?;
        let limits = program.limits();
        let budget = Budget { fuel: limits.setup_fuel, answer_bytes: limits.describe_bytes_max };
        let (text,) = self.call(program, function, (), &budget, program.site(Call::Describe))?;
        Ok(text)
    }

    fn configure(&mut self, program: &Program, settings: &str) -> Result<()> {
        let function = self.function::<(&str,), (std::result::Result<(), RawFault>,)>(
            &program.exports.configure,
            "configure",
        )?;
        let limits = program.limits();
        let budget = Budget { fuel: limits.setup_fuel, answer_bytes: 0 };
        let site = program.site(Call::Configure);
        match self.call(program, function, (settings,), &budget, site.clone())? {
            (Ok(()),) => Ok(()),
            (Err(RawFault::BadSettings(text)),) => Err(Error::SettingsRefused {
                plugin: site.plugin,
                text: one_line(&text, limits.remark_bytes_max),
            }),
            (Err(fault),) => Err(self.gave_up(fault, site, limits)),
        }
    }

    /// Scores; also says how much fuel that took.
    pub(crate) fn score(&mut self, program: &Program, batch: Batch<'_>, site: Site) -> Result<(Scores, u64)> {
        let limits = program.limits();
        let veto_bytes = size_of::<crate::border::Veto>();
        let answer_bytes = batch.rows as usize * (size_of::<f64>() + veto_bytes);
        let budget = Budget { fuel: limits.call_fuel(batch.rows), answer_bytes };
        let at = &program.exports.answer;
        let answer = if program.exports.contract.has_values_only {
            let function = self.function::<(Batch<'_>,), ValuesResult>(at, "score")?;
            let (values,) = self.call(program, function, (batch,), &budget, site.clone())?;
            values.map(|values| Scores { values, vetoes: Vec::new() })
        } else {
            let function = self.function::<(Batch<'_>,), ScoreResult>(at, "score")?;
            self.call(program, function, (batch,), &budget, site.clone())?.0
        };
        let scores = answer.map_err(|it| self.gave_up(it, site, limits))?;
        Ok((scores, self.burnt(&budget)))
    }

    /// Evaluates; also says how much fuel that took.
    pub(crate) fn evaluate(
        &mut self,
        program: &Program,
        batch: Batch<'_>,
        weights: &[f64],
        site: Site,
    ) -> Result<(Vec<DistrictIndex>, u64)> {
        let function =
            self.function::<(Batch<'_>, &[f64]), EvaluateResult>(&program.exports.answer, "evaluate")?;
        let limits = program.limits();
        let row_bytes = size_of::<DistrictIndex>() + size_of_val(weights);
        let answer_bytes = batch.rows as usize * row_bytes;
        let budget = Budget { fuel: limits.call_fuel(batch.rows), answer_bytes };
        let (answer,) = self.call(program, function, (batch, weights), &budget, site.clone())?;
        let answers = answer.map_err(|it| self.gave_up(it, site, limits))?;
        Ok((answers, self.burnt(&budget)))
    }

    fn burnt(&self, budget: &Budget) -> u64 {
        // A store that does not count fuel has used none.
        budget.fuel.saturating_sub(self.store.get_fuel().unwrap_or(budget.fuel))
    }

    /// What the memories have grown to; they never shrink.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.store.data().memory_bytes()
    }

    /// What the plugin said since somebody asked last.
    pub(crate) fn take_remarks(&mut self) -> Vec<crate::Remark> {
        std::mem::take(&mut self.store.data_mut().remarks)
    }

    fn gave_up(&mut self, fault: RawFault, site: Site, limits: &Limits) -> Error {
        let short = |text: String| one_line(&text, limits.remark_bytes_max);
        let fault = match fault {
            RawFault::MissingColumn(text) => Fault::MissingColumn(short(text)),
            RawFault::BadSettings(text) => Fault::BadSettings(short(text)),
            RawFault::Other(text) => Fault::Other(short(text)),
        };
        Error::Fault { site: Site { remarks: self.take_remarks(), ..site }, fault }
    }

    /// Checks that every function has the shape this host expects, without calling any.
    pub(crate) fn check_shapes(&mut self, program: &Program) -> Result<()> {
        let exports = &program.exports;
        self.function::<(), (String,)>(&exports.describe, "describe")?;
        self.function::<(&str,), (std::result::Result<(), RawFault>,)>(&exports.configure, "configure")?;
        match program.kind {
            PluginKind::Scorer if exports.contract.has_values_only => {
                self.function::<(Batch<'_>,), ValuesResult>(&exports.answer, "score")?;
            }
            PluginKind::Scorer => {
                self.function::<(Batch<'_>,), ScoreResult>(&exports.answer, "score")?;
            }
            PluginKind::Evaluator => {
                self.function::<(Batch<'_>, &[f64]), EvaluateResult>(&exports.answer, "evaluate")?;
            }
        }
        Ok(())
    }

    fn function<P, R>(&mut self, at: &ComponentExportIndex, name: &str) -> Result<TypedFunc<P, R>>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        self.instance.get_typed_func(&mut self.store, at).map_err(|it| Error::OtherShape {
            name: name.to_owned(),
            cause: format!("{:#}", it.root_cause()),
        })
    }

    fn call<P, R>(
        &mut self,
        program: &Program,
        function: TypedFunc<P, R>,
        given: P,
        budget: &Budget,
        site: Site,
    ) -> Result<R>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        self.store.data_mut().begin_call();
        prepare(&mut self.store, &program.host, budget)
            .and_then(|()| function.call(&mut self.store, given))
            .map_err(|it| explain(&self.store, &it, site, budget.fuel))
    }
}

/// Fills fuel and clock for one call.
fn prepare(store: &mut Store<State>, host: &Host, budget: &Budget) -> wasmtime::Result<()> {
    if host.promises().fuel {
        store.set_fuel(budget.fuel)?;
    }
    // Lists of a malicious guest may overlap: without this, 1 MB there could become 1 TB here.
    store.set_hostcall_fuel(budget.answer_bytes + SLACK_BYTES);
    // The running tick is only a part of one.
    let ticks = u64::from(host.limits().call_seconds_max) * 1000 / TICK_MS + 1;
    store.set_epoch_deadline(ticks);
    Ok(())
}

/// Says what a failed call means.
fn explain(store: &Store<State>, error: &wasmtime::Error, site: Site, fuel_max: u64) -> Error {
    let state = store.data();
    let limits = state.limits();
    let site = Site { remarks: state.remarks.clone(), ..site };
    match state.refusal {
        Some(Refusal::Memory(bytes)) => {
            return Error::OutOfMemory { site, bytes, bytes_max: limits.memory_bytes_max };
        }
        Some(Refusal::Table(elements)) => {
            let elements_max = limits.table_elements_max;
            return Error::TableTooLarge { site, elements, elements_max };
        }
        None => {}
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return Error::Busy { plugin: site.plugin, sessions_max: limits.sessions_max };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Error::OutOfFuel { site, fuel_max },
        Some(Trap::Interrupt) => Error::TimedOut { site, seconds_max: limits.call_seconds_max },
        Some(Trap::StackOverflow) => Error::StackOverflow { site },
        // Compilers keep a second stack in linear memory, below everything else; running
        // over its end is an access below zero, many calls deep.
        Some(Trap::MemoryOutOfBounds) if is_deep(error) => Error::StackOverflow { site },
        Some(trap) => Error::Trapped {
            site,
            trap: trap.to_string().trim_start_matches("wasm trap: ").to_owned(),
            report: state.last_error.clone(),
        },
        None => {
            let cause = error.root_cause().to_string();
            too_many_parts(&cause, limits).unwrap_or_else(|| Error::Unreadable {
                site,
                cause: one_line(&cause, limits.remark_bytes_max),
            })
        }
    }
}

/// Recognises that a component was refused for having too much of something.
///
/// wasmtime says so in words only: when it compiles, where instances have places reserved for
/// them, else when it starts. Tests build such components and notice when the words change.
pub(crate) fn too_many_parts(cause: &str, limits: &Limits) -> Option<Error> {
    let known = [
        ("instance count too high at ", Part::Instances, limits.instances_max),
        ("memory count too high at ", Part::Memories, limits.memories_max),
        ("defined memories count of ", Part::Memories, limits.memories_max),
        ("table count too high at ", Part::Tables, limits.tables_max),
        ("defined tables count of ", Part::Tables, limits.tables_max),
        ("has a minimum element size of ", Part::TableElements, limits.table_elements_max),
    ];
    known.into_iter().find_map(|(words, part, max)| {
        let (_, rest) = cause.split_once(words)?;
        let digits = rest.split(|it: char| !it.is_ascii_digit()).next()?;
        Some(Error::TooManyParts { part, found: digits.parse().ok()?, max })
    })
}

fn is_deep(error: &wasmtime::Error) -> bool {
    let depth = error.downcast_ref::<WasmBacktrace>().map_or(0, |it| it.frames().len());
    depth == FRAMES_MAX.get()
}
