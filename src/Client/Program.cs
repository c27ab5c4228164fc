using ChainCrm.Client.Commands;

return await CommandLineRoot.RunAsync(args, Console.Out, Console.Error);
