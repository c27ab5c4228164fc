// Requests are read, decided upon and handed to the engine without blocking, so they may run on the socket's own thread: the hop to the
// thread pool costs more than the work (docs/performance.md). The runtime reads this once, before the first socket.
if (Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS") is null)
    Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

return await ChainCrm.Silo.Hosting.ServerProgram.RunAsync(args);
