//! The sandbox, set up once: the same answers on every machine, and an end to everything.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use linli_model::Text;
use wasmtime::component::{Linker, WasmStr};
use wasmtime::{
    AsContext, Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, StoreContextMut,
};

use crate::border;
use crate::code::{CodeCache, Shelf};
use crate::error::{Error, Result};
use crate::limits::{Limits, TICK_MS};
use crate::measure::Promises;
use crate::plugin::Plugin;
use crate::state::State;

/// Frames kept of a backtrace: enough to tell a runaway recursion from a plain fault.
pub(crate) const FRAMES_MAX: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// Bytes of a memory that are wiped and kept for the next instance, instead of given back.
///
/// A full block of eight columns needs 6 MB. Keeping them saves a page fault per 4 kB and
/// brings a row from 42 to 12 ns (eight columns, 65,536 rows, 2 cores, 22 Nov 2026).
const KEPT_BYTES: usize = 16 << 20;

/// Memories that are kept while nobody uses them: at most 128 MiB in all.
const KEPT_MEMORIES: u32 = 8;

/// The sandbox in which plugins run. Cheap to clone; plugins keep it alive.
///
/// **Cost.** Making one takes about a millisecond and one thread, which does nothing but move
/// the wall clock of running plugins; the thread ends with the last clone and plugin.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

struct Inner {
    engine: Engine,
    linker: Linker<State>,
    limits: Limits,
    promises: Promises,
    code: Option<CodeCache>,
    // Dropped with the engine; its thread holds a clone of it.
    _ticker: Ticker,
}

impl Host {
    /// Sets up a sandbox.
    ///
    /// **Errors.** [`Error::Limits`] when the limits contradict each other, [`Error::Host`] when
    /// this machine lacks something, e.g. address space.
    pub fn new(limits: Limits) -> Result<Self> {
        Self::build(limits, Promises::ALL, None)
    }

    /// The same, with a place for what was compiled: machine code, sealed with a secret of the
    /// user's and never loaded without that seal. The secret must not lie on the shelf.
    ///
    /// **Errors.** As [`Self::new`].
    pub fn with_shelf(limits: Limits, secret: &[u8; 32], shelf: Box<dyn Shelf>) -> Result<Self> {
        Self::build(limits, Promises::ALL, Some((secret, shelf)))
    }

    pub(crate) fn build(
        limits: Limits,
        promises: Promises,
        kept: Option<(&[u8; 32], Box<dyn Shelf>)>,
    ) -> Result<Self> {
        if let Some([en, zh]) = limits.contradiction() {
            return Err(Error::Limits { cause: Text::new(en, zh) });
        }
        let broken = |it: wasmtime::Error| Error::Host { cause: format!("{it:#}") };
        // Where address space is scarce, instances get their memory one by one: slower, the same.
        let engine = Engine::new(config(&limits, promises).allocation_strategy(pool(&limits)))
            .or_else(|_| Engine::new(&config(&limits, promises)))
            .map_err(broken)?;
        let linker = linker(&engine, promises).map_err(broken)?;
        let ticker = Ticker::start(engine.clone()).map_err(|it| Error::Host { cause: it.to_string() })?;
        let code = kept.map(|(secret, shelf)| CodeCache::new(&engine, &limits, secret, shelf));
        Ok(Self(Arc::new(Inner { engine, linker, limits, promises, code, _ticker: ticker })))
    }

    /// Reads a component, checks that it is a plugin, and asks it who it is.
    ///
    /// **Errors.** Of kind `plugin`: no component, too large, too much to compile, damaged,
    /// imports anything but diagnostics, another version of the interface, a wrong description;
    /// and whatever `describe` itself does wrong.
    /// **Cost.** Compiles: 100 to 250 ms for a plugin in Rust, up to half a minute for the worst
    /// that the limits let in; a millisecond where its code is on the shelf.
    pub fn load(&self, bytes: &[u8]) -> Result<Plugin> {
        Plugin::load(self, bytes)
    }

    /// What plugins may use here.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn promises(&self) -> Promises {
        self.0.promises
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn code(&self) -> Option<&CodeCache> {
        self.0.code.as_ref()
    }

    pub(crate) fn linker(&self) -> &Linker<State> {
        &self.0.linker
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Host").field("limits", self.limits()).finish_non_exhaustive()
    }
}

fn config(limits: &Limits, promises: Promises) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        // Fuel decides; the epoch is the wall clock behind it.
        .consume_fuel(promises.fuel)
        .epoch_interruption(promises.clock)
        // Everything the standard lets a machine choose is chosen here. Threads are not
        // even compiled in.
        .cranelift_nan_canonicalization(promises.one_nan)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .max_wasm_stack(limits.stack_bytes_max)
        .wasm_backtrace_max_frames(Some(FRAMES_MAX));
    config
}

/// Places for instances, reserved ahead and wiped between uses. Reserves address space only.
fn pool(limits: &Limits) -> InstanceAllocationStrategy {
    let sessions = limits.sessions_max;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(sessions)
        .total_core_instances(sessions.saturating_mul(limits.instances_max as u32))
        .total_memories(sessions)
        // One for the plugin's own functions and one for what joins it to the border.
        .total_tables(sessions.saturating_mul(2))
        .max_memories_per_module(limits.memories_max as u32)
        .max_tables_per_module(limits.tables_max as u32)
        .table_elements(limits.table_elements_max)
        .max_unused_warm_slots(KEPT_MEMORIES)
        .linear_memory_keep_resident(KEPT_BYTES)
        .pagemap_scan(Enabled::Auto);
    InstanceAllocationStrategy::Pooling(pool)
}

/// The only thing a plugin can call: `diagnostics.report`.
fn linker(engine: &Engine, promises: Promises) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    for contract in border::CONTRACTS {
        linker.instance(contract.diagnostics)?.func_wrap(
            "report",
            move |mut store: StoreContextMut<'_, State>, (level, message): (u8, WasmStr)| {
                if !store.data().listens(level) {
                    return Ok(());
                }
                let text = message.to_str(store.as_context())?.into_owned();
                // Reading costs the host time, so it costs the plugin fuel.
                if promises.fuel {
                    let fuel = store.get_fuel()?.saturating_sub(text.len() as u64);
                    store.set_fuel(fuel)?;
                }
                store.data_mut().hear(level, &text);
                Ok(())
            },
        )?;
    }
    Ok(linker)
}

/// Moves the engine's epoch. It may lag on a busy machine, which only gives plugins more time.
struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(engine: Engine) -> std::io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let tick = move || {
            let pause = Duration::from_millis(TICK_MS);
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                engine.increment_epoch();
            }
        };
        let thread = std::thread::Builder::new().name("plugin-ticker".to_owned()).spawn(tick)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread cannot panic, and if it did there is nobody left to tell.
            let _ = thread.join();
        }
    }
}
