using ChainCrm.Simulation;

return Runner.Run(args);
