return await ChainCrm.Silo.Hosting.ServerProgram.RunAsync(args);
